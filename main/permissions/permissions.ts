/**
 * Whether a call may happen, and whether without a question. Rules are data; `evaluate` is a pure function of the call,
 * the rules and the clock. What this folder refuses to do: read files, ask the person, remember anything the person did
 * not decide.
 *
 * The order, strongest first:
 * 1. A rule of the person that denies.
 * 2. The default rules that deny: a path outside the server's allowed folders, a change in a read-only folder. No grant
 *    and no trust lifts these; the person allows the folder instead. For a server without folders of its own a path-like
 *    text is not compared with anything: it may be the path of a URL, and the sandbox is the wall.
 * 3. A rule that asks, unless something was allowed for the same call after the rule was made.
 * 4. What was allowed: rules that allow, remembered answers.
 * 5. The default rules that allow: Gatehouse's own tools; reads by the bundled filesystem server inside allowed folders and
 *    by the bundled memory server; trusted servers; resources and prompts the person accepted by their pin, when the server is confined (level 1 or
 *    more). An address that merely fits a template was never seen by the person, so it asks.
 * 6. Everything else asks.
 *
 * 1, 2, 3, 5 and 6 are Cedar policies; 4 is matched as data and given to Cedar as the attribute `granted`. Any error denies.
 */
import { createHash } from 'node:crypto'
import type { Policy } from '@cedar-policy/cedar-wasm/nodejs'
import { bindingHash } from '../../shared/domain/binding.ts'
import type { CallFacts, JudgedCall } from '../../shared/domain/call.ts'
import type { ClientId, EpochMs, GrantId, SessionId, Sha256 } from '../../shared/domain/ids.ts'
import { isWider, type Preset } from '../../shared/domain/preset.ts'
import type { OwnRole } from '../../shared/domain/role.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { Verdict } from '../../shared/domain/verdict.ts'
import { inputInvalid, policyDenied } from '../../shared/errors.ts'
import { type Folders, isDated, type Moment, permits, type ReadyGrant, readyGrant } from './allowances.ts'
import { type CallAttributes, callAttributes } from './call-attributes.ts'
import { ruleName } from './decisive-rule.ts'
import { policiesOf } from './default-policies.ts'
import type { Grant, NewGrant } from './grant.ts'
import { fits, type GrantRepository } from './grant-store.ts'
import { isPlain, policyContext } from './policy-context.ts'
import { PolicyEngine } from './policy-engine.ts'
import { type RememberedAnswer, rememberedGrant } from './remembered-grant.ts'
import { RevokedRules } from './revoked-rules.ts'
import { assessRisk, type CallHistory, inherentRisk } from './risk.ts'
import { RuleBook, type Standing } from './rule-book.ts'
import { rulePolicy } from './rule-policy.ts'
import { grantSentence, reasons } from './sentences.ts'
import { holdsFor, type Touched, touchedBy } from './touched.ts'
import { WallClock } from './wall-clock.ts'

export interface PermissionsParts {
  readonly store: GrantRepository
  readonly folders: Folders
  readonly now?: () => EpochMs
  /** Something changed: windows look again. */
  readonly onChange?: () => void
  /** Forged rows, removed rules, policies that fail: for the log and the person. Never contains secrets. */
  readonly onReport?: (problem: string) => void
  /** What became of earlier questions; it raises the risk of a question, and gives no right. */
  readonly history?: (call: CallFacts) => CallHistory | undefined
  /** What a server's package is, where that is something to mind: “suspended”. */
  readonly cell?: (server: ServerConfig) => string | undefined
  /** The moment whose time of day counts, where that is another than now. */
  readonly timeOfDayAt?: () => EpochMs
  /** Name of the policy sets, for one that takes another's place. */
  readonly instance?: string
}

const verdictsKept = 256
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Sha256

/** Why what was allowed counts for nothing now: a key of `shared/messages` under `suspended.`. */
export type Suspension = 'tampered' | 'clock'

export class Permissions {
  readonly #engine: PolicyEngine
  readonly #book: RuleBook
  readonly #clock: WallClock
  readonly #revoked = new RevokedRules()
  #grants: readonly ReadyGrant[] = []
  #tampered = false
  #preset: Preset = 'careful'
  #epoch = 0
  /** When a dated rule ends and the policies must be made anew. */
  #nextEnd = Number.POSITIVE_INFINITY

  constructor(private readonly parts: PermissionsParts) {
    this.#engine = new PolicyEngine(parts.instance)
    this.#clock = new WallClock(parts.store, parts.now)
    this.#book = new RuleBook(this.#engine, () => this.#clock.now())
    this.#load()
  }

  get preset(): Preset {
    return this.#preset
  }

  /** Roles the person defined; they hold by the rules that were made of them. */
  ownRoles = (): readonly OwnRole[] => this.parts.store.ownRoles()
  setOwnRoles(roles: readonly OwnRole[]): void {
    this.parts.store.setOwnRoles(roles)
    this.#changed()
  }

  /** @param record called when it is another one; when it throws, nothing is changed */
  setPreset(preset: Preset, record?: (wider: boolean) => void): void {
    if (preset === this.#preset && !this.#tampered) return
    record?.(isWider(preset, this.#preset))
    this.parts.store.setPreset(preset)
    this.#changed()
  }

  /**
   * Takes one use of the grant that allows a call, where it has a budget: checked and counted in one step, just before
   * the call is sent.
   * @throws policy.denied when it was used up or taken back meanwhile
   */
  spend({ entry, verdict, canonical }: JudgedCall): void {
    if (verdict.spends === undefined) return
    const grant = this.#grants.find((ready) => ready.grant.id === verdict.spends)?.grant
    if (grant === undefined || !this.parts.store.spend(grant, Buffer.byteLength(canonical)))
      throw policyDenied(entry.name, verdict.rule)
  }

  /** What was used of a grant with a budget. */
  used = (id: GrantId) => this.parts.store.used(id)

  /** Counts every change of the rules. */
  get epoch(): number {
    return this.#epoch
  }

  /** Pure: same call, same rules, same time, same verdict. Any error denies. */
  evaluate(call: CallFacts): Verdict {
    try {
      return this.#evaluate(call)
    } catch (error) {
      this.parts.onReport?.(`a decision failed and was refused: ${error instanceof Error ? error.message : 'unknown'}`)
      return {
        effect: 'deny',
        rule: 'a rule that could not be evaluated',
        reasons: [],
        action: 'unknown',
        risk: 'high',
      }
    }
  }

  /**
   * @param record called when nothing but the store can fail any more; when it throws, nothing is added
   * @throws input.invalid when the rule makes no valid policy
   */
  add(draft: NewGrant, record?: () => void): Grant {
    const now = this.#clock.now()
    if (draft.effect !== 'allow')
      this.#engine.check({ draft: this.#policy({ ...draft, id: 'draft' as GrantId, seq: 1, createdAt: now }) })
    record?.()
    if (draft.expiresAt !== undefined && this.#clock.setBack(now)) this.#endDated(now)
    const grant = this.parts.store.add(draft, now)
    this.#changed()
    return grant
  }

  /** Remembers an answer of the person. @returns undefined for client `cli`, which keeps none */
  remember(client: string, answer: RememberedAnswer): Grant | undefined {
    return client === 'cli' ? undefined : this.add(rememberedGrant(client, answer))
  }

  /**
   * @param record called when there is one; when it throws, it stays
   * @returns false when there was none
   */
  revoke(id: GrantId, record?: () => void): boolean {
    const grant = this.#grants.find((ready) => ready.grant.id === id)?.grant
    if (grant) record?.()
    const used = grant && this.parts.store.used(id)
    const removed = this.parts.store.remove(id)
    if (removed && grant) this.#revoked.keep({ grant, used })
    if (removed) this.#changed()
    return removed
  }

  /** Takes a rule back for good: it cannot be put back either. @returns false when there was none */
  erase(id: GrantId): boolean {
    const removed = this.revoke(id)
    this.#revoked.drop(id)
    return removed
  }

  /**
   * Puts back a rule the person has just taken back, as it was: its id, its place among the others, its end, what was used.
   *
   * @param record called when it can be; when it throws, nothing is changed
   * @throws input.invalid when it was too long ago, or the session or app it was for is gone
   */
  putBack(id: GrantId, record?: () => void): Grant {
    const rule = this.#revoked.find(id)
    if (rule === undefined || this.#tampered)
      throw inputInvalid('This rule can no longer be put back. Make it again under Permissions.')
    record?.()
    this.parts.store.putBack(rule.grant, rule.used)
    this.#revoked.drop(id)
    this.#changed()
    return rule.grant
  }

  /** What was allowed for a session ends with it. */
  endSession(session: SessionId): void {
    this.#revoked.endSession(session)
    if (this.parts.store.removeSession(session)) this.#changed()
  }

  /** A revoked client leaves nothing behind that a later one of its name could use. Rules that restrict stay. */
  endClient(client: ClientId, name: string): void {
    this.#revoked.endClient(client, name)
    const own = this.#grants.filter(
      ({ grant }) =>
        grant.effect === 'allow' && (grant.bound ? grant.bound.clientId === client : grant.client === name),
    )
    for (const { grant } of own) this.parts.store.remove(grant.id)
    if (own.length > 0) this.#changed()
  }

  /** The clock is behind what it was seen to say: no date can be believed until the person confirms it. */
  clockSetBack = (): boolean => this.#clock.setBack(this.#clock.now())

  grants(): readonly { readonly grant: Grant; readonly suspended?: Suspension }[] {
    const setBack = this.clockSetBack()
    return this.#grants.map(({ grant }) => {
      const suspended = this.#suspension(grant, setBack)
      return { grant, ...(suspended === undefined ? {} : { suspended }) }
    })
  }

  /** Every rule of the person that holds for this call, whether it decides or not. */
  holding(call: CallFacts): { readonly granted: Grant | undefined; readonly grants: readonly Grant[] } {
    const now = this.#clock.now()
    const standing = this.#book.standing(call)
    const attributes = callAttributes(call)
    const touched = touchedBy(standing.restrictions, call, this.#dayAt(now), this.parts.folders)
    const at = this.#moment(call, now, attributes)
    return {
      granted: this.#granted(standing, call, now, attributes),
      grants: [
        ...standing.restrictions.filter((rule) => holdsFor(rule, call, attributes.action, touched)),
        ...standing.allowances
          .map(({ grant }) => grant)
          .filter((grant) => permits(grant, call, at, this.parts.folders)),
      ],
    }
  }

  #evaluate(call: CallFacts): Verdict {
    const now = this.#clock.now()
    if (now >= this.#nextEnd) this.#load()
    const standing = this.#book.standing(call)
    const attributes = callAttributes(call)
    const granted = this.#granted(standing, call, now, attributes)
    const touched = touchedBy(standing.restrictions, call, this.#dayAt(now), this.parts.folders)
    const key = `${attributes.action} ${attributes.paths} ${attributes.content} ${attributes.flow} ${granted?.seq ?? 0} ${touched.key}`
    const verdict = standing.verdicts.get(key) ?? this.#decide(call, attributes, granted, touched)
    if (standing.verdicts.size >= verdictsKept) standing.verdicts.clear()
    standing.verdicts.set(key, verdict)
    return verdict.effect === 'ask' ? this.#withRisk(verdict, call, attributes) : verdict
  }

  #decide(call: CallFacts, attributes: CallAttributes, granted: Grant | undefined, touched: Touched): Verdict {
    const { server, client, entry } = call
    const facts = { attributes, touched, granted: granted?.seq ?? 0 }
    const slice = this.#book.slice(server, isPlain(facts))
    const context = policyContext(call, facts, slice.attributes)
    const decision = this.#engine.decide(slice.name, { client: client.id, entry: entry.name, context })
    const { restrictions } = this.#book.standing(call)
    const decided = { ...decision, granted, restrictions, action: attributes.action, touched }
    return {
      effect: decision.effect,
      rule: ruleName(call, decided, policiesOf(this.#preset)),
      reasons: reasons(attributes, server.trusted, server.sandbox),
      action: attributes.action,
      risk: inherentRisk(call, attributes),
      ...(decision.effect === 'allow' && granted?.conditions?.budget ? { spends: granted.id } : {}),
    }
  }

  /** The latest grant that allows this very call. */
  #granted(standing: Standing, call: CallFacts, now: EpochMs, attributes: CallAttributes): Grant | undefined {
    if (standing.allowances.length === 0) return undefined
    const at = this.#moment(call, now, attributes)
    return standing.allowances.findLast(({ grant }) => permits(grant, call, at, this.parts.folders))?.grant
  }

  #moment(call: CallFacts, now: EpochMs, { action }: CallAttributes): Moment {
    let hash: Sha256 | undefined
    const binding = () => {
      hash ??= bindingHash(call, sha256)
      return hash
    }
    const bytes = () => Buffer.byteLength(call.canonical)
    const left = (grant: Grant) => this.#left(grant, bytes)
    return { now, dayAt: this.#dayAt(now), setBack: this.#clock.setBack(now), binding, action: () => action, left }
  }

  #dayAt = (now: EpochMs): EpochMs => this.parts.timeOfDayAt?.() ?? now

  #left({ id, conditions }: Grant, bytes: () => number): boolean {
    const used = this.parts.store.used(id)
    return conditions?.budget === undefined || (used !== undefined && fits(conditions.budget, used, bytes()))
  }

  /** Only for questions: it looks at what happened before. */
  #withRisk(verdict: Verdict, call: CallFacts, attributes: CallAttributes): Verdict {
    const history = this.parts.history?.(call)
    const { level, reasons: risks } = assessRisk(call, attributes, { history, cell: this.parts.cell?.(call.server) })
    const first = history?.allowed === 0 && history.denied === 0 ? (['first-use'] as const) : []
    return { ...verdict, risk: level, risks, reasons: [...verdict.reasons, ...first] }
  }

  #policy = (rule: Grant): Policy => rulePolicy(rule, grantSentence(rule))

  #suspension(grant: Grant, setBack: boolean): Suspension | undefined {
    if (grant.effect !== 'allow') return undefined
    if (this.#tampered) return 'tampered'
    return setBack && isDated(grant) ? 'clock' : undefined
  }

  /** The person dates a grant by the clock as it is now; what was dated by the other clock ends. */
  #endDated(now: EpochMs): void {
    for (const { grant } of this.#grants)
      if (grant.effect === 'allow' && grant.expiresAt !== undefined) this.parts.store.remove(grant.id)
    this.#clock.confirm(now)
  }

  #changed(): void {
    this.#load()
    this.parts.onChange?.()
  }

  #load(): void {
    const { grants, forged, tampered, preset } = this.parts.store.all()
    const now = this.#clock.now()
    this.#grants = grants.map(readyGrant)
    this.#tampered = tampered
    this.#preset = preset
    this.#epoch += 1
    this.#book.open(this.#grants, tampered, preset)
    const ends = grants.map(({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY).filter((end) => end > now)
    this.#nextEnd = Math.min(Number.POSITIVE_INFINITY, ...ends)
    for (const id of forged) this.parts.onReport?.(`the rule ${id} was not made by Gatehouse and is ignored`)
    if (tampered)
      this.parts.onReport?.('rules were removed or changed outside Gatehouse; nothing remembered is allowed')
  }
}
