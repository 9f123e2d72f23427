import { createHash } from 'node:crypto'
import { cellHash } from '../../shared/domain/binding.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { EpochMs, Sha256 } from '../../shared/domain/ids.ts'
import { defaultPreset, type Preset } from '../../shared/domain/preset.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { Verdict } from '../../shared/domain/verdict.ts'
import { concerns, type ReadyGrant } from './allowances.ts'
import type { Grant } from './grant.ts'
import type { PolicyEngine } from './policy-engine.ts'
import { mayConcern, type Slice, sliceFor } from './slice.ts'

/** Whose rules they are and how far they got, for one client, session and entry; kept while the rules stay as they are. */
export interface Standing {
  readonly pin: Sha256
  readonly allowances: readonly ReadyGrant[]
  readonly restrictions: readonly Grant[]
  readonly verdicts: Map<string, Verdict>
}

const standingsKept = 5_000
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Sha256

/** The rules as they are, looked up by whose call it is: what concerns a call, and the policies of its server. */
export class RuleBook {
  #grants: readonly ReadyGrant[] = []
  #tampered = false
  #preset: Preset = defaultPreset
  #slices = new WeakMap<ServerConfig, Slice>()
  #plainSlices = new WeakMap<ServerConfig, Slice>()
  readonly #parsed = new Map<string, Slice>()
  #standings = new WeakMap<ServerConfig, Map<string, Standing>>()
  /** Of all rules those whose pattern could fit a name of the server, whatever their date. */
  #candidates = new WeakMap<ServerConfig, readonly ReadyGrant[]>()
  readonly #cells = new WeakMap<ServerConfig, Sha256>()

  constructor(
    private readonly engine: PolicyEngine,
    private readonly now: () => EpochMs,
  ) {}

  /** @param tampered rules are missing: nothing may be allowed by what is left */
  open(grants: readonly ReadyGrant[], tampered: boolean, preset: Preset): void {
    this.#grants = grants
    this.#tampered = tampered
    this.#preset = preset
    this.#slices = new WeakMap()
    this.#plainSlices = new WeakMap()
    this.#standings = new WeakMap()
    this.#candidates = new WeakMap()
  }

  standing(call: CallFacts): Standing {
    const kept = this.#standings.get(call.server) ?? new Map<string, Standing>()
    const key = `${call.client.id} ${call.session.id} ${call.client.name} ${call.entry.name}`
    const found = kept.get(key)
    if (found !== undefined && found.pin === call.entry.pin) return found
    const cell = () => this.#cell(call.server)
    const allowances: ReadyGrant[] = []
    const restrictions: Grant[] = []
    for (const ready of this.#lasting(this.#candidatesFor(call.server))) {
      if (!concerns(ready, call, cell)) continue
      if (ready.grant.effect !== 'allow') restrictions.push(ready.grant)
      else if (!this.#tampered) allowances.push(ready)
    }
    const standing: Standing = { pin: call.entry.pin, allowances, restrictions, verdicts: new Map() }
    if (kept.size >= standingsKept) kept.clear()
    kept.set(key, standing)
    this.#standings.set(call.server, kept)
    return standing
  }

  #cell(server: ServerConfig): Sha256 {
    const known = this.#cells.get(server) ?? cellHash(server, sha256)
    this.#cells.set(server, known)
    return known
  }

  /** The policies of a server as it is configured; parsed when they are not the ones parsed last under its name. */
  slice(server: ServerConfig, plain: boolean): Slice {
    const kept = plain ? this.#plainSlices : this.#slices
    const slice = kept.get(server) ?? sliceFor(server, this.#restrictions(), this.#preset, plain)
    kept.set(server, slice)
    if (this.#parsed.get(slice.name) !== slice) {
      this.engine.load(slice.name, slice.policies)
      this.#parsed.set(slice.name, slice)
    }
    return slice
  }

  #candidatesFor(server: ServerConfig): readonly ReadyGrant[] {
    const found = this.#candidates.get(server)
    if (found !== undefined) return found
    const candidates = this.#grants.filter(({ grant }) => mayConcern(grant.tool, server.name))
    this.#candidates.set(server, candidates)
    return candidates
  }

  #restrictions = (): readonly Grant[] =>
    this.#lasting(this.#grants)
      .map(({ grant }) => grant)
      .filter(({ effect }) => effect !== 'allow')

  /** Without the rules whose date has passed. Made anew at every date that passes. */
  #lasting(grants: readonly ReadyGrant[]): readonly ReadyGrant[] {
    if (grants.every(({ grant }) => grant.expiresAt === undefined)) return grants
    const now = this.now()
    return grants.filter(({ grant }) => grant.expiresAt === undefined || grant.expiresAt > now)
  }
}
