import type { MessagePort } from 'node:worker_threads'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import type {
  EmbedderChoice,
  ImportMode,
  ImportProgress,
  MemoryFault,
  MemoryLimits,
  Provenance,
  WriteId,
} from '../../shared/domain/memory.ts'
import { GatehouseError, memoryUnavailable } from '../../shared/errors.ts'
import type { EmbeddingProgress } from './embedding.ts'
import type { WorkspaceEngine } from './workspace-memory.ts'

/** What main and the memory’s thread say to each other. Structured clones; ids are counted by main. */
export type EngineMethod = keyof WorkspaceEngine

export interface WorkerSettings {
  /** Where the workspaces’ files are. */
  readonly folder: string
  readonly limits: MemoryLimits
  readonly embedder: EmbedderSettings
  readonly tidying: Tidying
}

/** When memories are consolidated by themselves: after so long without a question, and not again for so long. */
export interface Tidying {
  readonly idleMs: number
  readonly everyMs: number
}

export interface EmbedderSettings {
  readonly choice: EmbedderChoice
  /** Sent as bearer token to the address of the choice, and to no other. */
  readonly key?: string
}

export type ToWorker =
  | {
      readonly id: number
      readonly workspace: WorkspaceName
      readonly method: EngineMethod
      readonly given: readonly unknown[]
    }
  /** Writes the document that comes through the port. */
  | {
      readonly id: number
      readonly workspace: WorkspaceName
      readonly port: MessagePort
      readonly size: number
      readonly mode: ImportMode
      readonly by: Provenance
    }
  /** Closes the workspace’s file; `remove`: and deletes it. */
  | { readonly id: number; readonly close: WorkspaceName; readonly remove: boolean }
  | { readonly id: number; readonly embedder: EmbedderSettings }
  /** The workspace’s database as bytes, without its vectors. */
  | { readonly id: number; readonly copy: WorkspaceName }
  | { readonly id: number; readonly stop: true }

export type FromWorker =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly event: MemoryEvent }

export type MemoryEvent =
  | { readonly kind: 'written'; readonly workspace: WorkspaceName; readonly write: WriteId }
  /** A damaged file was moved away and an empty one took its place. */
  | { readonly kind: 'set-aside'; readonly workspace: WorkspaceName; readonly file: string; readonly problem: string }
  | ({ readonly kind: 'embedding'; readonly workspace: WorkspaceName } & EmbeddingProgress)
  /** `ended`: with or without success, as its caller hears. */
  | {
      readonly kind: 'importing'
      readonly workspace: WorkspaceName
      readonly phase: ImportProgress['phase'] | 'ended'
      readonly done: number
      readonly total: number
    }
  | { readonly kind: 'embedder-problem'; readonly workspace: WorkspaceName; readonly problem: Failure }
  /** Found when a file was opened that was not closed. */
  | { readonly kind: 'faults'; readonly workspace: WorkspaceName; readonly faults: readonly MemoryFault[] }

export type Failure =
  | { readonly code: GatehouseError['code']; readonly params: GatehouseError['params'] }
  | { readonly unexpected: string }

export const failureOf = (error: unknown): Failure => {
  if (error instanceof GatehouseError) return { code: error.code, params: error.params }
  return { unexpected: error instanceof Error ? error.message : String(error) }
}

export const errorOf = (failure: Failure): GatehouseError =>
  'code' in failure ? new GatehouseError(failure.code, failure.params) : memoryUnavailable(failure.unexpected)
