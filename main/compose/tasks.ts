import type { ShownTask } from '../../shared/contract/tasks.ts'
import type { Reply } from '../../shared/domain/call.ts'
import { TaskDesk } from '../gateway/tasks/task-desk.ts'
import type { Received } from '../kernel/exchange.ts'
import type { TaskRecord } from '../tasks/task.ts'
import { TaskStore } from '../tasks/task-store.ts'
import { Tasks } from '../tasks/tasks.ts'
import type { Areas } from './areas.ts'
import type { Foundation } from './foundation.ts'

/** Long calls as tasks: their records, and the desk that runs them through the kernel. */
export function buildTasks(
  base: Foundation,
  { clients, sessions }: Areas,
  handle: (received: Received) => Promise<Reply>,
): TaskDesk {
  const { afterSeconds, keptSeconds } = base.config.tasks
  const tampered = (id: string) =>
    base.forged.found(`A task (${id}) was changed outside Gatehouse and counts for nothing.`)
  const sessionFor = ({ clientId, content: { sessionId, door, credential = 'tasks' } }: TaskRecord) =>
    sessions.get(sessionId)?.id ?? sessions.forStateless(clients.known(clientId), credential, undefined, door).id
  return new TaskDesk({
    tasks: new Tasks({
      store: new TaskStore(base.store.db, base.cipher, tampered),
      onChange: (task) => base.events.emit('tasks.changed', shownTask(task)),
      limits: { keptMs: keptSeconds * 1000 },
    }),
    handle,
    sessionFor,
    credentialOf: (session) => sessions.get(session)?.credential,
    keepAlive: (session) => sessions.touch(session),
    afterMs: afterSeconds * 1000,
    onError: (error) => base.log.warn({ err: error }, 'a task'),
  })
}

/** Without arguments and result. */
export const shownTask = ({ id, client, entry, state, createdAt, updatedAt, expiresAt }: TaskRecord): ShownTask => ({
  id,
  client,
  tool: entry,
  state,
  createdAt,
  updatedAt,
  expiresAt,
})
