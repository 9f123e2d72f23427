import { GatehouseError } from '../../shared/errors.ts'
import { aCall, answer } from '../audit/audit-fixture.ts'
import { openLog } from './audit-kill.child.ts'

/** Makes calls until the log refuses one, then some more; prints what was answered, what refused, what reached the server. */
const { audit } = await openLog(process.argv[2] ?? '', true)
const answered: string[] = []
const refusals: string[] = []
let reached = 0
const text = 'x'.repeat(8000)
for (let i = 0; refusals.length < 3 && i < 10_000; i++) {
  const call = aCall({ client: 'Editor', decision: 'allow', arguments: { text } })
  const work = async () => {
    audit.intend(call)
    reached += 1
    return answer
  }
  await audit.recorded(call, work).then(
    () => answered.push(call.callId),
    (error: unknown) => refusals.push(error instanceof GatehouseError ? error.code : String(error)),
  )
}
const { valid, checked } = await audit.verify()
process.stdout.write(`${JSON.stringify({ answered, refusals, reached, valid, checked })}\n`, () => process.exit(0))
