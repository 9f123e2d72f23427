import type { Filtered, Received, Resolved, Resumed, Traced, Validated } from '../../main/kernel/exchange.ts'
import type { CatalogPort, FiltersPort, FlowPort } from '../../main/kernel/ports.ts'
import { Rounds } from '../../main/kernel/rounds.ts'
import { filterCall } from '../../main/kernel/stages/filter-call.ts'
import { identify } from '../../main/kernel/stages/identify.ts'
import { resolve } from '../../main/kernel/stages/resolve.ts'
import { resume } from '../../main/kernel/stages/resume.ts'
import { trace } from '../../main/kernel/stages/trace.ts'
import { validate } from '../../main/kernel/stages/validate.ts'
import type { TrailFacts } from '../../shared/domain/call.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { aCall, aServer, aSession, editor } from '../permissions/a-call.ts'

/** A call as a door hands it in, with the trail it leaves. */
export function aReceived(args: unknown, change: Partial<Received> = {}) {
  const noted: TrailFacts[] = []
  const ended: (() => void)[] = []
  const received: Received = {
    callId: aCall().callId,
    receivedAt: 0 as EpochMs,
    startedMs: 0,
    door: 'bridge',
    credential: { clientId: editor.id, sessionId: aSession().id },
    method: 'tools/call',
    target: 'notes__do_it',
    arguments: args,
    peer: { protocol: '2025-11-25', capabilities: {}, progress: () => {}, request: async () => ({}), notify: () => {} },
    signal: new AbortController().signal,
    trail: { note: (facts) => noted.push(facts), onEnd: (release) => ended.push(release), lap: () => {} },
    ...change,
  }
  /** What the trail says in the end. */
  const trail = (): TrailFacts => Object.assign({}, ...noted)
  return { received, trail, ended }
}

/** A catalog of one server with one tool, and the schema check given. */
export const aCatalog = (check: CatalogPort['check'] = () => undefined): CatalogPort => {
  const { server, entry } = aCall({ server: aServer() })
  return { resolve: () => ({ server, entry }), isForeign: () => false, check }
}

/** A filter list that finds what is given. */
export const someFilters = (found: Partial<ReturnType<FiltersPort['call']>> = {}): FiltersPort => ({
  call: (input) => ({
    arguments: input.arguments,
    changed: false,
    labels: [],
    paths: [],
    urls: [],
    commands: [],
    ...found,
  }),
  reply: ({ reply }) => ({ reply, labels: [] }),
})

const approvals = {
  held: () => {
    throw new Error('nothing is held')
  },
  clear: async () => ({ by: 'rule' as const }),
  confirm: () => {},
}

export const anyKey = { identify: () => ({ client: editor, session: aSession() }), beyondKey: () => undefined }

export const anyCell = { requireFor: () => {} }

/** Through the real stages, as far as asked. */
export const resolved = (received: Received, catalog = aCatalog()): Resolved =>
  resolve(
    identify(
      received,
      { identify: () => ({ client: editor, session: aSession() }), beyondKey: () => undefined },
      { isSound: () => true },
    ),
    catalog,
    approvals,
    anyCell,
  )
export const validated = (received: Received, catalog = aCatalog()): Validated =>
  validate(resolved(received, catalog), catalog)
export const filtered = (received: Received, filters = someFilters(), catalog = aCatalog()): Filtered =>
  filterCall(validated(received, catalog), filters, catalog)
export const resumed = (received: Received, filters = someFilters(), rounds = new Rounds()): Resumed =>
  resume(filtered(received, filters), rounds)

/** A session that has read nothing. */
export const noFlow: FlowPort = { trace: () => undefined, answered: () => {}, leaves: () => {} }
export const traced = (received: Received, filters = someFilters(), flow = noFlow): Traced =>
  trace(resumed(received, filters), flow)
