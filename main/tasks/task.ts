import type { Door } from '../../shared/domain/call.ts'
import type { ClientId, EpochMs, ServerName, SessionId, TaskId } from '../../shared/domain/ids.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'

export type TaskState = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled'

/** What a call is made from, kept while it may have to be made (again) after a restart. */
export interface TaskCall {
  readonly target: string
  readonly view?: ServerName
  readonly arguments: Json
  readonly meta?: JsonObject
  readonly extra?: JsonObject
  /** The client's revision and what it can do, as it said. */
  readonly protocol: string
  readonly capabilities: JsonObject
}

export interface TaskError {
  readonly code: number
  readonly message: string
  readonly data?: Json
}

/** The encrypted part. */
export interface TaskContent {
  readonly sessionId: SessionId
  /** What its caller proved who it is with; where its session is over, the call goes on as confined. */
  readonly credential?: string
  readonly door: Door
  readonly call?: TaskCall
  /** The server's own task for this call; no client ever sees it. */
  readonly serverTask?: string
  readonly statusMessage?: string
  readonly result?: JsonObject
  readonly error?: TaskError
}

export interface TaskRecord {
  readonly id: TaskId
  readonly clientId: ClientId
  readonly client: string
  readonly entry: string
  readonly state: TaskState
  /** `held`: its server was not reached yet. `sent`: it may have had an effect. `over`: answered or given up. */
  readonly phase: 'held' | 'sent' | 'over'
  readonly createdAt: EpochMs
  readonly updatedAt: EpochMs
  /** It is forgotten then, whatever became of it. */
  readonly expiresAt: EpochMs
  readonly content: TaskContent
}

export const isOver = ({ phase }: Pick<TaskRecord, 'phase'>): boolean => phase === 'over'
