import { argumentsInvalid } from '../../../shared/errors.ts'
import type { Identified, Received, Resolved } from '../exchange.ts'
import type { ApprovalsPort, CatalogPort } from '../ports.ts'

const awaitApproval = 'gatehouse__await_approval'

/**
 * Catalog name → server, entry and pin. `gatehouse__await_approval` is unwrapped into the call that waits, which then
 * passes every later stage as if it had been repeated.
 */
export function resolve(identified: Identified, catalog: CatalogPort, approvals: ApprovalsPort): Resolved {
  const wanted = unwrapped(identified, approvals)
  if (wanted !== identified) identified.trail.note({ method: wanted.method })
  const { server, entry } = catalog.resolve(wanted)
  identified.trail.note({ server: server.name, entry: entry.name, pin: entry.pin })
  return { ...wanted, server, entry } as unknown as Resolved
}

function unwrapped(
  identified: Identified,
  approvals: ApprovalsPort,
): Received & Pick<Identified, 'client' | 'session'> {
  if (identified.method !== 'tools/call' || identified.target !== awaitApproval) return identified
  const id = (identified.arguments as { id?: unknown } | undefined)?.id
  if (typeof id !== 'string') throw argumentsInvalid(awaitApproval, 'id: a text is needed')
  const { view: _view, extra: _extra, ...caller } = identified // what the waiting call came with counts, or nothing
  return { ...caller, ...approvals.held(id, identified.client) }
}
