import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import type { TaskRecord } from '../../tasks/task.ts'

export const tasksExtension = 'io.modelcontextprotocol/tasks'
/** Milliseconds between two polls, as a hint. */
const pollIntervalMs = 1_000

export type InputRequests = Readonly<Record<string, { readonly method: string; readonly params: JsonObject }>>

/** What a revision calls the members of a task. @see MCP 2025-11-25, basic/utilities/tasks; the tasks extension of 2026-07-28 */
export type Generation = 'experimental' | 'extension'

/** The state of a task without what only `tasks/get` tells. */
export function taskOf(record: TaskRecord, generation: Generation, state = record.state): JsonObject {
  const { id, createdAt, updatedAt, expiresAt, content } = record
  const [ttl, poll] = generation === 'extension' ? ['ttlMs', 'pollIntervalMs'] : ['ttl', 'pollInterval']
  return {
    taskId: id,
    status: state,
    ...(content.statusMessage === undefined ? {} : { statusMessage: content.statusMessage }),
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(updatedAt).toISOString(),
    [ttl as string]: expiresAt - createdAt,
    [poll as string]: pollIntervalMs,
  }
}

/** The answer to the call that became a task. */
export function created(record: TaskRecord, generation: Generation): JsonObject {
  const task = taskOf(record, generation)
  return generation === 'extension' ? { resultType: 'task', ...task } : { task }
}

/** Everything `tasks/get` tells from 2026-07-28. */
export function detailed(record: TaskRecord, asked: InputRequests): JsonObject {
  const { result, error } = record.content
  const isAsking = record.phase !== 'over' && Object.keys(asked).length > 0
  return {
    ...taskOf(record, 'extension', isAsking ? 'input_required' : record.state),
    ...(isAsking ? { inputRequests: asked as unknown as JsonObject } : {}),
    ...(record.state === 'completed' && result ? { result } : {}),
    ...(record.state === 'failed' && error ? { error: error as unknown as JsonObject } : {}),
  }
}

export const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
