import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Viewer } from '../gateway.ts'
import type { TaskDesk } from './task-desk.ts'
import { taskOf } from './task-shapes.ts'

/**
 * Told when a task that was made in this session gets another state, in the words of 2025-11-25.
 *
 * @see MCP 2025-11-25, basic/utilities/tasks, “Task Status Notification”: a receiver may send it, a requestor must not rely on it
 * @returns the way to stop
 */
export function onTaskState(
  desk: TaskDesk,
  { client, session }: Pick<Viewer, 'client' | 'session'>,
  tell: (task: JsonObject) => void,
): () => void {
  const states = new Map<string, string>()
  return desk.onChanged((record) => {
    const { id, state, phase, clientId, content } = record
    if (clientId !== client.id || content.sessionId !== session.id) return
    const before = states.get(id)
    if (phase === 'over') states.delete(id)
    else states.set(id, state)
    if (before !== undefined && before !== state) tell(taskOf(record, 'experimental'))
  })
}
