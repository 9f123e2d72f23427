import type { z } from 'zod'
import { createStore, type StoreApi } from 'zustand'
import type { Question } from '../../shared/contract/approvals.ts'
import type { complianceReport } from '../../shared/contract/compliance.ts'
import type { contract, GatehouseEvents } from '../../shared/contract/contract.ts'
import type { serverSummary } from '../../shared/contract/servers.ts'
import type { LiveCall } from '../../shared/contract/sessions.ts'
import type { GatehouseClient } from '../client.ts'
import type { Connection, Transport } from '../transport/transport.ts'
import { type Part, readAll, readPart } from './first-reading.ts'

export type Setup = z.output<(typeof contract.system.setup)['output']>
export type ServerSummary = z.output<typeof serverSummary>

export type Grade = Pick<z.output<typeof complianceReport>, 'server' | 'score' | 'grade' | 'checkedAt'>

export type Told = GatehouseEvents['alerts.told']

export interface Toast {
  readonly id: number
  readonly level: 'ok' | 'info' | 'warning' | 'problem'
  readonly text: string
  /** What can still be done about it. */
  readonly action?: ToastAction
}
export interface Importing {
  readonly phase: 'reading' | 'writing' | 'ended'
  readonly done: number
  readonly total: number
}
export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

/** What main last said. Nothing here is decided by the window. */
export interface Mirror {
  readonly connection: Connection
  readonly setup?: Setup
  /** Why the first reading of main failed, as an error. */
  readonly failure?: unknown
  readonly questions: readonly Question[]
  readonly servers?: readonly ServerSummary[] | undefined
  /** How well servers spoke MCP when they were last looked at, by name. */
  readonly grades?: Readonly<Record<string, Grade>> | undefined
  readonly calls?: readonly LiveCall[] | undefined
  /** Why a part could not be read; that part is absent then. */
  readonly failed: Readonly<Partial<Record<Part, unknown>>>
  /** The newest entry of the audit log that main told of. */
  readonly auditSeq?: number
  /** How far the check of the log has come. */
  readonly verifying?: { readonly watch: string; readonly percent: number }
  /** How far a search for a person has come. */
  readonly searching?: z.output<(typeof contract)['privacy']['progressed']['payload']>
  /** How far new vectors of a workspace’s memory are. */
  readonly embedding: Readonly<
    Record<string, { readonly embedder: string; readonly done: number; readonly total: number }>
  >
  /** How far a file is that comes into a workspace’s memory. */
  readonly importing: Readonly<Record<string, Importing>>
  /** The workspace the person looked at last, where one is to be chosen. */
  readonly workspace?: string
  readonly toasts: readonly Toast[]
  /** What the desktop was told of an alert last. */
  readonly told?: Told
  /** Counts changes main announced without contents; screens read again when theirs moves. */
  readonly revision: {
    readonly permissions: number
    readonly sessions: number
    readonly clients: number
    readonly approvals: number
    readonly hosts: number
    readonly incidents: number
    readonly alerts: number
    readonly filters: number
    readonly tasks: number
    readonly memory: number
  }
  readonly toast: (level: Toast['level'], text: string, action?: ToastAction) => void
  readonly dismiss: (id: number) => void
  readonly lookAt: (workspace: string) => void
  readonly readSetup: () => Promise<void>
  /** Tries again what failed. */
  readonly readAgain: (part?: Part) => void
}

/** Milliseconds in which calls that moved are shown together. */
const gatherMs = 100
/** How many calls Home keeps in sight. */
const callsKept = 60
export const toastMs = 7_000
/** One with something to decide stays longer. */
const actionToastMs = 20_000
/** How many results and notices are in sight at once. */
const toastsKept = 3

export type MirrorStore = StoreApi<Mirror>

/** Builds the store and keeps it in step with main for as long as the page lives. */
export function mirrorOf(transport: Transport, client: GatehouseClient): MirrorStore {
  let lastToast = 0
  const store = createStore<Mirror>()((set, get) => ({
    connection: 'connecting',
    questions: [],
    failed: {},
    embedding: {},
    importing: {},
    toasts: [],
    revision: {
      permissions: 0,
      sessions: 0,
      clients: 0,
      approvals: 0,
      hosts: 0,
      incidents: 0,
      alerts: 0,
      filters: 0,
      tasks: 0,
      memory: 0,
    },
    toast: (level, text, action) => {
      const id = ++lastToast
      const said = { id, level, text, ...(action ? { action } : {}) }
      set((state) => ({ toasts: [...state.toasts, said].slice(-toastsKept) }))
      setTimeout(() => get().dismiss(id), action ? actionToastMs : toastMs)
    },
    dismiss: (id) => set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) })),
    lookAt: (workspace) => set({ workspace }),
    readSetup: async () => set({ setup: await client.api.system.setup() }),
    readAgain: (part) => void (part ? readPart(store, client, part) : readAll(store, client)),
  }))
  follow(store, client)
  transport.onConnection((connection) => {
    store.setState({ connection })
    if (connection === 'connected') void readAll(store, client)
  })
  return store
}

function follow(store: MirrorStore, client: GatehouseClient): void {
  const moved = (what: keyof Mirror['revision']) => () =>
    store.setState((state) => ({ revision: { ...state.revision, [what]: state.revision[what] + 1 } }))
  client.on('approvals.asked', (question) => {
    store.setState((state) => ({ questions: withQuestion(state.questions, question) }))
    moved('approvals')()
  })
  client.on('approvals.settled', ({ id }) => {
    store.setState((state) => ({ questions: state.questions.filter((question) => question.id !== id) }))
    moved('approvals')()
  })
  client.on('servers.changed', (server) =>
    store.setState(({ servers }) => ({
      servers: servers && replaced(servers, server, (one) => one.name === server.name),
    })),
  )
  client.on('servers.removed', ({ name }) =>
    store.setState(({ servers, grades }) => ({
      servers: servers?.filter((server) => server.name !== name),
      grades: grades && without(grades, name),
    })),
  )
  client.on('compliance.graded', (grade) =>
    store.setState(({ grades }) => ({ grades: grades && { ...grades, [grade.server]: grade } })),
  )
  const calls = gathered<LiveCall>((moved) =>
    store.setState(({ calls }) => ({ calls: calls && moved.reduce<readonly LiveCall[]>(withCall, calls) })),
  )
  client.on('sessions.called', calls)
  client.on('sessions.changed', moved('sessions'))
  client.on('clients.changed', moved('clients'))
  client.on('hosts.changed', moved('hosts'))
  client.on('incidents.changed', moved('incidents'))
  client.on('alerts.changed', moved('alerts'))
  client.on('alerts.told', (told) => store.setState({ told }))
  client.on('filters.changed', moved('filters'))
  client.on('tasks.changed', moved('tasks'))
  client.on('catalog.viewChanged', moved('clients'))
  client.on('memory.changed', moved('memory'))
  client.on('memory.importing', ({ workspace, ...progress }) =>
    store.setState(({ importing }) => ({ importing: { ...importing, [workspace]: progress } })),
  )
  client.on('memory.embedding', ({ workspace, complete, ...progress }) => {
    store.setState(({ embedding }) => ({ embedding: { ...embedding, [workspace]: progress } }))
    if (complete || progress.done === 0) moved('memory')()
  })
  client.on('permissions.changed', moved('permissions'))
  client.on('audit.verifying', (verifying) => store.setState({ verifying }))
  client.on('privacy.progressed', (searching) => store.setState({ searching }))
  client.on('audit.grown', ({ seq }) => store.setState({ auditSeq: seq }))
  client.on('system.appearanceChanged', (appearance) =>
    store.setState(({ setup }) => (setup ? { setup: { ...setup, ...appearance } } : {})),
  )
  client.on('system.noticed', ({ level, text }) => store.getState().toast(level, text))
}

/** A question asked again (its count grew) keeps its place; a new one waits behind the others. */
export function withQuestion(questions: readonly Question[], question: Question): Question[] {
  return replaced(questions, question, (one) => one.id === question.id)
}

/** Newest first; a call that moved on stays where it is. */
export function withCall(calls: readonly LiveCall[], call: LiveCall): LiveCall[] {
  const place = calls.findIndex((one) => one.callId === call.callId)
  if (place >= 0) return calls.with(place, call)
  return [call, ...calls].slice(0, callsKept)
}

/** The first is told at once, those within a tenth of a second after it together: nobody sees more. */
function gathered<T>(tell: (items: readonly T[]) => void): (item: T) => void {
  let waiting: T[] | undefined
  const next = () => {
    const items = waiting ?? []
    waiting = undefined
    if (items.length === 0) return
    tell(items)
    open()
  }
  const open = () => {
    waiting = []
    setTimeout(next, gatherMs)
  }
  return (item) => {
    if (waiting) return void waiting.push(item)
    tell([item])
    open()
  }
}

function without<T>(all: Readonly<Record<string, T>>, name: string): Record<string, T> {
  const { [name]: _, ...others } = all
  return others
}

function replaced<T>(list: readonly T[], item: T, same: (one: T) => boolean): T[] {
  const place = list.findIndex(same)
  return place >= 0 ? list.with(place, item) : [...list, item]
}
