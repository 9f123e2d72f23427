import { CallRefused, type GatehouseClient } from '../client.ts'
import type { Mirror, MirrorStore } from './store.ts'

/** What screens can wait for apart, so that the window is there before it. */
export type Part = 'servers' | 'calls' | 'grades'

const readers = {
  servers: async ({ api }) => ({ servers: (await api.servers.list()).servers }),
  calls: async ({ api }) => ({ calls: await api.sessions.calls() }),
  grades: async ({ api }) => {
    const { grades } = await api.compliance.grades()
    return { grades: Object.fromEntries(grades.map((grade) => [grade.server, grade])) }
  },
} as const satisfies Record<Part, (client: GatehouseClient) => Promise<Partial<Mirror>>>

const parts = Object.keys(readers) as readonly Part[]

/** What nothing can be shown without first; everything else follows beside it, each part for itself. */
export async function readAll(store: MirrorStore, client: GatehouseClient): Promise<void> {
  for (const part of parts) void readPart(store, client, part)
  try {
    const [setup, questions] = await Promise.all([client.api.system.setup(), client.api.approvals.pending()])
    store.setState(({ revision }) => ({ setup, questions, failure: undefined, revision: moved(revision) }))
  } catch (failure) {
    if (!isLost(failure)) store.setState({ failure })
  }
}

/**
 * A part that could not be read is not there, whatever main tells of it meanwhile: a list of the changes alone would look like
 * all of it. It stays so until it is read again.
 */
export async function readPart(store: MirrorStore, client: GatehouseClient, part: Part): Promise<void> {
  try {
    const read: Partial<Mirror> = await readers[part](client)
    store.setState(({ failed: { [part]: _, ...failed } }) => ({ ...read, failed }))
  } catch (failure) {
    if (!isLost(failure))
      store.setState(({ failed }) => ({ [part]: undefined, failed: { ...failed, [part]: failure } }))
  }
}

/** All is read again once there is a connection. */
const isLost = (failure: unknown) => failure instanceof CallRefused && failure.code === 'window.disconnected'

const moved = (revision: Mirror['revision']) =>
  Object.fromEntries(
    Object.entries(revision).map(([what, count]) => [what, count + 1]),
  ) as unknown as Mirror['revision']
