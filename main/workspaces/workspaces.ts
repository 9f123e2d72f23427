/**
 * The isolation boundary: each server and each client belongs to exactly one workspace, and a client reaches, sees and is
 * told of nothing that is not of its own. What this folder refuses to do: move anything by itself, or remove a workspace
 * that still holds something.
 */
import { defaultWorkspace, type EpochMs, type WorkspaceName } from '../../shared/domain/ids.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { WorkspaceRecord, WorkspaceStore } from './workspace-store.ts'

export interface WorkspacesParts {
  readonly store: WorkspaceStore
  /** Names of the servers and clients that belong to a workspace. */
  readonly members: (workspace: WorkspaceName) => {
    readonly servers: readonly string[]
    readonly clients: readonly string[]
  }
  readonly onChange?: () => void
  readonly now?: () => number
}

export interface ShownWorkspace {
  readonly name: WorkspaceName
  /** The one everything belongs to that names none; it cannot be removed. */
  readonly isDefault: boolean
  readonly createdAt?: EpochMs
  readonly servers: readonly string[]
  readonly clients: readonly string[]
}

const namePattern = /^[a-z0-9][a-z0-9-]{0,31}$/

export class Workspaces {
  #records: readonly WorkspaceRecord[]

  constructor(private readonly parts: WorkspacesParts) {
    this.#records = parts.store.all()
  }

  has = (name: WorkspaceName): boolean => name === defaultWorkspace || this.#records.some((one) => one.name === name)

  /** @throws input.invalid when there is no such workspace */
  need(name: WorkspaceName): WorkspaceName {
    if (!this.has(name)) throw inputInvalid(`There is no workspace “${name}”. Add it first.`)
    return name
  }

  list(): ShownWorkspace[] {
    const first: ShownWorkspace = { name: defaultWorkspace, isDefault: true, ...this.parts.members(defaultWorkspace) }
    const others = this.#records.map(({ name, createdAt }) => ({
      name,
      isDefault: false,
      createdAt,
      ...this.parts.members(name),
    }))
    return [first, ...others]
  }

  /** @throws input.invalid for a name that is taken or cannot be one */
  add(name: WorkspaceName): ShownWorkspace {
    if (!namePattern.test(name)) throw inputInvalid('A workspace’s name has 1 to 32 characters of a-z, 0-9 and -.')
    if (this.has(name)) throw inputInvalid(`There is a workspace “${name}” already.`)
    const createdAt = (this.parts.now ?? Date.now)() as EpochMs
    this.parts.store.add({ name, createdAt })
    this.#changed()
    return { name, isDefault: false, createdAt, servers: [], clients: [] }
  }

  /** @throws input.invalid while it holds anything */
  remove(name: WorkspaceName): void {
    this.need(name)
    if (name === defaultWorkspace) throw inputInvalid('The first workspace cannot be removed.')
    const { servers, clients } = this.parts.members(name)
    const held = [...servers, ...clients]
    if (held.length > 0)
      throw inputInvalid(`“${name}” still holds ${held.join(', ')}. Move the servers and revoke the apps first.`)
    this.parts.store.remove(name)
    this.#changed()
  }

  #changed(): void {
    this.#records = this.parts.store.all()
    this.parts.onChange?.()
  }
}
