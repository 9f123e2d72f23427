import { type EpochMs, type GrantId, newId, type SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { defaultPreset, type Preset, presets } from '../../shared/domain/preset.ts'
import type { OwnRole } from '../../shared/domain/role.ts'
import type { Budget, RuleConditions } from '../../shared/domain/rule-conditions.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'
import type { Grant, GrantBounds, NewGrant } from './grant.ts'
import type { WallClockMark } from './wall-clock.ts'

/** What the permissions need of whoever keeps the rules: the store, or, for a simulation, nothing but memory. */
export interface GrantRepository extends WallClockMark {
  all(): StoredGrants
  add(draft: NewGrant, at: EpochMs): Grant
  remove(id: GrantId): boolean
  /** Exactly the one that was removed, under its id and in its place, with what was used of it. */
  putBack(grant: Grant, used: Required<Budget> | undefined): void
  removeSession(session: SessionId): boolean
  setPreset(preset: Preset): void
  /** Roles the person defined. */
  ownRoles(): readonly OwnRole[]
  setOwnRoles(roles: readonly OwnRole[]): void
  /** What was used of a grant with a budget; undefined when nobody can say. */
  used(id: GrantId): Required<Budget> | undefined
  spend(grant: Grant, bytes: number): boolean
}

export interface StoredGrants {
  readonly preset: Preset
  readonly grants: readonly Grant[]
  /** Ids of rows whose seal fails: somebody without the keychain key wrote them. They count for nothing. */
  readonly forged: readonly string[]
  /** Rules are missing, or were added or edited without the key, so nothing may be allowed by what is left. */
  readonly tampered: boolean
}

/** Owner of the table `grants`. Each row is sealed, and the list of restricting rules too, so that none can be removed unseen. */
export class GrantStore implements GrantRepository {
  readonly #all: Statement<[], GrantRow>
  readonly #insert: Statement<[GrantRow]>
  readonly #remove: Statement<[string]>
  readonly #removeSession: Statement<[string]>
  readonly #lastSeq: Statement<[], { last: number | null }>
  readonly #state: Statement<[string], { value: string; seal: string }>
  readonly #putState: Statement<[string, string, string]>
  readonly #use: Statement<[string], UseRow>
  readonly #putUse: Statement<[string, number, number, string]>
  readonly #dropUse: Statement<[]>
  readonly #inTransaction: (work: () => void) => void

  constructor(
    db: Database,
    private readonly seal: RowSeal,
  ) {
    this.#all = db.prepare('SELECT * FROM grants ORDER BY seq')
    this.#insert = db.prepare(`INSERT INTO grants VALUES (@seq, @id, @effect, @scope, @client, @tool, @path, @client_id,
      @session_id, @server, @workspace, @pin, @cell, @binding, @created_at, @expires_at, @origin, @seal, @conditions)`)
    this.#remove = db.prepare('DELETE FROM grants WHERE id = ?')
    this.#removeSession = db.prepare('DELETE FROM grants WHERE session_id = ?')
    this.#lastSeq = db.prepare('SELECT MAX(seq) AS last FROM grants')
    this.#state = db.prepare('SELECT value, seal FROM permission_state WHERE name = ?')
    this.#putState = db.prepare('INSERT OR REPLACE INTO permission_state VALUES (?, ?, ?)')
    this.#use = db.prepare('SELECT * FROM grant_use WHERE grant_id = ?')
    this.#putUse = db.prepare('INSERT OR REPLACE INTO grant_use VALUES (?, ?, ?, ?)')
    this.#dropUse = db.prepare('DELETE FROM grant_use WHERE grant_id NOT IN (SELECT id FROM grants)')
    this.#inTransaction = db.transaction((work: () => void) => work())
  }

  all(): StoredGrants {
    const rows = this.#all.all()
    const genuine = rows.filter((row) => this.seal.holds('grants', sealed(row), row.seal))
    const forged = rows.filter((row) => !genuine.includes(row)).map((row) => row.id)
    const noted = this.#read('restrictions')
    const kept = this.#preset()
    // one that is forged may have been a rule that denies; no later change of the rules makes what is left whole
    const tampered =
      forged.length > 0 || (noted === undefined ? rows.length > 0 : noted !== restrictions(genuine, kept))
    return { grants: genuine.map(toGrant), forged, tampered, preset: tampered ? narrowest : (kept ?? defaultPreset) }
  }

  add(draft: NewGrant, at: EpochMs): Grant {
    const seq = Math.max(this.#lastSeq.get()?.last ?? 0, Number(this.#read('last-seq') ?? 0)) + 1
    const grant: Grant = { ...draft, id: newId('grant'), seq, createdAt: at }
    this.#inTransaction(() => {
      this.#write('last-seq', String(seq))
      this.#put(grant, { calls: 0, bytes: 0 })
    })
    return grant
  }

  putBack(grant: Grant, used: Required<Budget> | undefined): void {
    this.#inTransaction(() => this.#put(grant, used))
  }

  /** @returns false when there was none */
  remove(id: GrantId): boolean {
    let removed = false
    this.#inTransaction(() => {
      removed = this.#remove.run(id).changes === 1
      this.#dropUse.run()
      if (removed) this.#resealRestrictions()
    })
    return removed
  }

  /** @returns whether there were any */
  removeSession(session: SessionId): boolean {
    let removed = false
    this.#inTransaction(() => {
      removed = this.#removeSession.run(session).changes > 0
      if (removed) this.#resealRestrictions()
    })
    return removed
  }

  setPreset(preset: Preset): void {
    this.#inTransaction(() => {
      this.#write('preset', preset)
      this.#resealRestrictions()
    })
  }

  /** None when they were changed without the key: who holds one keeps the rule that was made of it. */
  ownRoles(): readonly OwnRole[] {
    const value = this.#read('roles')
    return value === undefined ? [] : (JSON.parse(value) as readonly OwnRole[])
  }

  setOwnRoles = (roles: readonly OwnRole[]): void => this.#write('roles', JSON.stringify(roles))

  used(id: GrantId): Required<Budget> | undefined {
    const row = this.#use.get(id)
    if (row === undefined) return undefined
    const { calls, bytes } = row
    return this.seal.holds('grant_use', { id, calls, bytes }, row.seal) ? { calls, bytes } : undefined
  }

  /** Checks and counts one use in one step. @returns false when the budget does not hold it, or nobody can say */
  spend({ id, conditions }: Grant, bytes: number): boolean {
    const { budget } = conditions ?? {}
    if (budget === undefined) return true
    let spent = false
    this.#inTransaction(() => {
      const used = this.used(id)
      if (used === undefined || !fits(budget, used, bytes)) return
      this.#keepUse(id, { calls: used.calls + 1, bytes: used.bytes + bytes })
      spent = true
    })
    return spent
  }
  /** Takes the genuine rules there are for all of them; forged ones go. Only for the person, who was shown what is wrong. */
  reseal(): void {
    for (const id of this.all().forged) this.#remove.run(id)
    this.#resealRestrictions()
  }

  /** The highest wall-clock time ever seen, or undefined when none was kept or it was edited. */
  wallClockMark(): EpochMs | undefined {
    const value = this.#read('wall-clock')
    return value === undefined ? undefined : (Number(value) as EpochMs)
  }

  keepWallClockMark = (at: EpochMs): void => this.#write('wall-clock', String(at))

  #put(grant: Grant, used: Required<Budget> | undefined): void {
    const row = toRow(grant)
    this.#insert.run({ ...row, seal: this.seal.seal('grants', sealed(row)) })
    if (grant.conditions?.budget !== undefined && used) this.#keepUse(grant.id, used)
    this.#resealRestrictions()
  }

  #resealRestrictions(): void {
    const genuine = this.#all.all().filter((row) => this.seal.holds('grants', sealed(row), row.seal))
    this.#write('restrictions', restrictions(genuine, this.#preset()))
  }

  #preset(): Preset | undefined {
    const kept = this.#read('preset')
    return presets.find((preset) => preset === kept)
  }

  #keepUse(id: GrantId, { calls, bytes }: Required<Budget>): void {
    this.#putUse.run(id, calls, bytes, this.seal.seal('grant_use', { id, calls, bytes }))
  }

  #read(name: string): string | undefined {
    const row = this.#state.get(name)
    if (row === undefined) return undefined
    return this.seal.holds('permission_state', { name, value: row.value }, row.seal) ? row.value : undefined
  }

  #write(name: string, value: string): void {
    this.#putState.run(name, value, this.seal.seal('permission_state', { name, value }))
  }
}

interface GrantRow {
  readonly seq: number
  readonly id: string
  readonly effect: string
  readonly scope: string
  readonly client: string
  readonly tool: string
  readonly path: string | null
  readonly client_id: string | null
  readonly session_id: string | null
  readonly server: string | null
  readonly workspace: string | null
  readonly pin: string | null
  readonly cell: string | null
  readonly binding: string | null
  readonly created_at: number
  readonly expires_at: number | null
  readonly origin: string
  readonly seal: string
  /** JSON of the rule's conditions. */
  readonly conditions: string | null
}

interface UseRow {
  readonly calls: number
  readonly bytes: number
  readonly seal: string
}

const narrowest: Preset = presets[0]

/** Whether a budget still holds one more call. */
export const fits = (budget: Budget, used: Required<Budget>, bytes: number): boolean =>
  used.calls < (budget.calls ?? Number.POSITIVE_INFINITY) &&
  used.bytes + bytes <= (budget.bytes ?? Number.POSITIVE_INFINITY)

/**
 * Those that allow are listed too: a revoked one that somebody kept and puts back is not believed. With the preset, so
 * that it cannot be taken away unseen.
 */
const restrictions = (rows: readonly GrantRow[], preset: Preset | undefined): string =>
  [...rows.map((row) => row.id), ...(preset === undefined ? [] : [`preset=${preset}`])].join(' ')

/** Rows without conditions are sealed as they were before there were any. */
const sealed = ({ seal: _, conditions, ...fields }: GrantRow): JsonObject =>
  conditions === null ? fields : { ...fields, conditions }

const toRow = (grant: Grant): GrantRow => ({
  seq: grant.seq,
  id: grant.id,
  effect: grant.effect,
  scope: grant.scope,
  client: grant.client,
  tool: grant.tool,
  path: grant.path ?? null,
  client_id: grant.bound?.clientId ?? null,
  session_id: grant.bound?.sessionId ?? null,
  server: grant.bound?.server ?? null,
  workspace: grant.bound?.workspace ?? null,
  pin: grant.bound?.pin ?? null,
  cell: grant.bound?.cell ?? null,
  binding: grant.bound?.binding ?? null,
  created_at: grant.createdAt,
  expires_at: grant.expiresAt ?? null,
  origin: grant.origin,
  seal: '',
  conditions: grant.conditions === undefined ? null : JSON.stringify(grant.conditions),
})

/** The seal held, so every column is as `toRow` wrote it. */
function toGrant(row: GrantRow): Grant {
  const bound =
    row.client_id === null
      ? undefined
      : ({
          clientId: row.client_id,
          server: row.server,
          workspace: row.workspace,
          pin: row.pin,
          cell: row.cell,
          ...(row.session_id === null ? {} : { sessionId: row.session_id }),
          ...(row.binding === null ? {} : { binding: row.binding }),
        } as GrantBounds)
  return {
    id: row.id as GrantId,
    seq: row.seq,
    effect: row.effect as Grant['effect'],
    scope: row.scope as Grant['scope'],
    client: row.client,
    tool: row.tool,
    ...(row.path === null ? {} : { path: row.path }),
    ...(row.conditions === null ? {} : { conditions: JSON.parse(row.conditions) as RuleConditions }),
    ...(bound === undefined ? {} : { bound }),
    createdAt: row.created_at as EpochMs,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at as EpochMs }),
    origin: row.origin,
  }
}
