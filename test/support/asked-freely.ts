import type { ToClient } from '../../main/supervisor/to-client.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

/** A road from servers to clients on which nobody is refused. @param judged hears what was asked */
export const askedFreely = (redact = (text: string) => text, judged: (method: string) => void = () => {}): ToClient => {
  const clean = (params: JsonObject) => JSON.parse(redact(JSON.stringify(params))) as JsonObject
  return {
    asked: (_call, method, params) => {
      judged(method)
      return clean(params)
    },
    answered: async (_call, _method, answer) => answer,
    told: (_source, params) => clean(params),
  }
}
