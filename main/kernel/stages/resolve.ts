import { argumentsInvalid } from '../../../shared/errors.ts'
import type { Identified, Received, Resolved } from '../exchange.ts'
import type { ApprovalsPort, CatalogPort, CellsPort } from '../ports.ts'

const awaitApproval = 'gatehouse__await_approval'
const callTool = 'gatehouse__call_tool'

type Wanted = Received & Pick<Identified, 'client' | 'session'>

/**
 * Catalog name → server, entry and pin; a server whose cell does not stand is
 * refused, and what its manifest does not declare. `gatehouse__call_tool` is unwrapped into the call it carries, and
 * `gatehouse__await_approval` into the call that waits; either then passes every later stage as if it had been made
 * by itself.
 */
export function resolve(
  identified: Identified,
  catalog: CatalogPort,
  approvals: ApprovalsPort,
  cells: CellsPort,
): Resolved {
  const wanted = awaited(carried(identified), approvals)
  if (wanted.method !== identified.method) identified.trail.note({ method: wanted.method })
  const { server, entry } = found(wanted, catalog)
  identified.trail.note({ server: server.name, entry: entry.name, pin: entry.pin })
  cells.requireFor(server, entry)
  return { ...wanted, server, entry } as unknown as Resolved
}

/**
 * What belongs to another workspace is unknown like anything else, so that nobody learns that it is there; that somebody
 * reached for it is recorded.
 */
function found(wanted: Wanted, catalog: CatalogPort) {
  try {
    return catalog.resolve(wanted)
  } catch (error) {
    if (catalog.isForeign(wanted)) wanted.trail.note({ crossing: true })
    throw error
  }
}

/** What carries another call is nothing in itself: it is not judged, asked about or recorded. */
function carried(identified: Identified): Wanted {
  if (identified.method !== 'tools/call' || identified.target !== callTool) return identified
  const { name, arguments: args = {}, ...others } = (identified.arguments ?? {}) as Record<string, unknown>
  const problem =
    typeof name !== 'string'
      ? 'name: a text is needed'
      : name === callTool
        ? 'name: another tool is needed'
        : Object.keys(others).length > 0
          ? 'only name and arguments are known here; the tool’s own arguments belong into “arguments”'
          : undefined
  if (problem !== undefined) throw argumentsInvalid(callTool, problem)
  return { ...identified, target: name as string, arguments: args }
}

function awaited(wanted: Wanted, approvals: ApprovalsPort): Wanted {
  if (wanted.method !== 'tools/call' || wanted.target !== awaitApproval) return wanted
  const id = (wanted.arguments as { id?: unknown } | undefined)?.id
  if (typeof id !== 'string') throw argumentsInvalid(awaitApproval, 'id: a text is needed')
  const { view: _view, extra: _extra, ...caller } = wanted // what the waiting call came with counts, or nothing
  return { ...caller, ...approvals.held(id, wanted.client) }
}
