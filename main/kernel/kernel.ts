import type { Reply } from '../../shared/domain/call.ts'
import type { Received } from './exchange.ts'
import type { KernelParts } from './ports.ts'
import { admit } from './stages/admit.ts'
import { clear } from './stages/clear.ts'
import { dispatch } from './stages/dispatch.ts'
import { equip } from './stages/equip.ts'
import { filterCall } from './stages/filter-call.ts'
import { filterReply } from './stages/filter-reply.ts'
import { identify } from './stages/identify.ts'
import { judge } from './stages/judge.ts'
import { resolve } from './stages/resolve.ts'
import { resume } from './stages/resume.ts'
import { seal } from './stages/seal.ts'
import { throttle } from './stages/throttle.ts'
import { trace } from './stages/trace.ts'
import { validate } from './stages/validate.ts'

/** The only road from a client to a server. Every stage may stop the call; none may skip one. */
export async function handle(received: Received, parts: KernelParts): Promise<Reply> {
  return parts.audit.recorded(received, async () => {
    const identified = identify(received, parts.clients, parts.records)
    throttle(identified, parts.limits)
    const resolved = resolve(identified, parts.catalog, parts.approvals, parts.cells)
    const validated = validate(resolved, parts.catalog)
    const filtered = filterCall(validated, parts.filters, parts.catalog) // before judging: what is approved is what is sent
    const resumed = resume(filtered, parts.rounds)
    const traced = trace(resumed, parts.flow) // what the session read before, against where this call goes
    const judged = judge(traced, parts.permissions, parts.clients)
    const cleared = await clear(judged, parts.approvals, parts.rounds)
    const admitted = await admit(cleared, parts.limits) // the deadline starts here, not while a person thinks
    const equipped = await equip(admitted, parts.credentials, parts.approvals, parts.clients, parts.permissions) // only what came through clear()
    const dispatched = await dispatch(equipped, parts.servers, parts.audit, parts.limits, parts.flow) // a durable intent first, if it may change something
    return seal(dispatched, filterReply(dispatched, parts.filters, parts.flow), parts.rounds)
  })
}
