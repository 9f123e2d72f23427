import { memoryContextSecret } from '../../shared/errors.ts'
import { namedSecret } from '../filters/content/named-secret.ts'
import { Scanner } from '../filters/content/scanner.ts'
import { secretToken } from '../filters/content/secret-token.ts'
import type { Foundation } from './foundation.ts'

/**
 * A session’s context goes to servers, so no key, token or password may stand in it, known or looking like one.
 * @throws memory.context-secret
 */
export function refuseSecrets({ redact }: Pick<Foundation, 'redact'>, given: object): void {
  const scanner = new Scanner([secretToken, namedSecret])
  for (const text of textsIn(given))
    if (redact(text) !== text || scanner.scan(text).length > 0) throw memoryContextSecret()
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
