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
 * 5. The default rules that allow: Gatehouse's own tools; reads by the bundled filesystem server inside allowed folders;
 *    trusted servers; resources and prompts the person accepted by their pin, when the server is confined (level 1 or
 *    more). An address that merely fits a template was never seen by the person, so it asks.
 * 6. Everything else asks.
 *
 * 1, 2, 3, 5 and 6 are Cedar policies; 4 is matched as data and given to Cedar as the attribute `granted`. Any error denies.
 */
import { createHash } from 'node:crypto'
import type { Policy } from '@cedar-policy/cedar-wasm/nodejs'
import { bindingHash } from '../../shared/domain/binding.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { ClientId, EntryName, EpochMs, GrantId, SessionId, Sha256 } from '../../shared/domain/ids.ts'
import type { Verdict } from '../../shared/domain/verdict.ts'
import { type Folders, isDated, permits, type ReadyGrant, readyGrant } from './allowances.ts'
import { type CallAttributes, callAttributes } from './call-attributes.ts'
import { defaultPolicies } from './default-policies.ts'
import type { Grant, NewGrant } from './grant.ts'
import type { GrantStore } from './grant-store.ts'
import { policyContext } from './policy-context.ts'
import { PolicyEngine } from './policy-engine.ts'
import { type RememberedAnswer, rememberedGrant } from './remembered-grant.ts'
import { RuleBook, type Standing } from './rule-book.ts'
import { mergedIds, rulePolicy } from './rule-policy.ts'
import { firstUse, grantSentence, reasons, riskLevel } from './sentences.ts'
import { holdsFor, type Touched, touchedBy } from './touched.ts'
import { WallClock } from './wall-clock.ts'

export interface PermissionsParts {
  readonly store: GrantStore
  readonly folders: Folders
  readonly now?: () => EpochMs
  /** Something changed: windows look again. */
  readonly onChange?: () => void
  /** Forged rows, removed rules, policies that fail: for the log and the person. Never contains secrets. */
  readonly onReport?: (problem: string) => void
  /** Whether this client used this entry before; only adds a sentence to a question. */
  readonly usedBefore?: (client: ClientId, entry: EntryName) => boolean
}

const verdictsKept = 256
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Sha256

export class Permissions {
  readonly #engine = new PolicyEngine()
  readonly #book: RuleBook
  readonly #clock: WallClock
  #grants: readonly ReadyGrant[] = []
  #tampered = false
  #epoch = 0
  /** When a dated rule ends and the policies must be made anew. */
  #nextEnd = Number.POSITIVE_INFINITY

  constructor(private readonly parts: PermissionsParts) {
    this.#clock = new WallClock(parts.store, parts.now)
    this.#book = new RuleBook(this.#engine, () => this.#clock.now())
    this.#engine.check(Object.fromEntries(defaultPolicies.map(({ id, cedar }) => [id, cedar])))
    this.#load()
  }

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
    if (this.#grants.some(({ grant }) => grant.id === id)) record?.()
    const removed = this.parts.store.remove(id)
    if (removed) this.#changed()
    return removed
  }

  /** What was allowed for a session ends with it. */
  endSession(session: SessionId): void {
    if (this.parts.store.removeSession(session)) this.#changed()
  }

  /** A revoked client leaves nothing behind that a later one of its name could use. Rules that restrict stay. */
  endClient(client: ClientId, name: string): void {
    const own = this.#grants.filter(
      ({ grant }) =>
        grant.effect === 'allow' && (grant.bound ? grant.bound.clientId === client : grant.client === name),
    )
    for (const { grant } of own) this.parts.store.remove(grant.id)
    if (own.length > 0) this.#changed()
  }

  grants(): readonly { readonly grant: Grant; readonly suspended?: string }[] {
    const setBack = this.#clock.setBack(this.#clock.now())
    return this.#grants.map(({ grant }) => {
      const suspended = this.#suspension(grant, setBack)
      return { grant, ...(suspended === undefined ? {} : { suspended }) }
    })
  }

  #evaluate(call: CallFacts): Verdict {
    const now = this.#clock.now()
    if (now >= this.#nextEnd) this.#load()
    const standing = this.#book.standing(call)
    const attributes = callAttributes(call)
    const granted = this.#granted(standing, call, now, attributes)
    const touched = touchedBy(standing.restrictions, call, now, this.parts.folders)
    const key = `${attributes.action} ${attributes.paths} ${attributes.content} ${attributes.flow} ${granted?.seq ?? 0} ${touched.key}`
    const verdict = standing.verdicts.get(key) ?? this.#decide(call, attributes, granted, touched)
    if (standing.verdicts.size >= verdictsKept) standing.verdicts.clear()
    standing.verdicts.set(key, verdict)
    return this.#withFirstUse(verdict, call)
  }

  #decide(call: CallFacts, attributes: CallAttributes, granted: Grant | undefined, touched: Touched): Verdict {
    const { server, client, entry } = call
    const slice = this.#book.slice(server)
    const context = policyContext(call, { attributes, touched, granted: granted?.seq ?? 0 }, slice.attributes)
    const decision = this.#engine.decide(slice.name, { client: client.id, entry: entry.name, context })
    return {
      effect: decision.effect,
      rule: this.#ruleName(decision.policies, granted, decision.effect, call, touched),
      reasons: reasons(attributes, server.trusted, server.sandbox),
      action: attributes.action,
      risk: riskLevel(attributes, server.trusted, server.sandbox),
    }
  }

  #ruleName(
    policies: readonly string[],
    granted: Grant | undefined,
    effect: Verdict['effect'],
    call: CallFacts,
    touched: Touched,
  ): string {
    if (effect === 'allow' && granted !== undefined && policies.includes('granted')) return grantSentence(granted)
    const rule = this.#decisiveRule(policies, granted, call, touched)
    if (rule !== undefined) return grantSentence(rule)
    const decisive = defaultPolicies.find(({ id }) => policies.includes(id))
    if (decisive !== undefined) return decisive.sentence
    return effect === 'ask' ? 'everything that writes, deletes, runs, sends or is unknown asks' : 'no rule allows it'
  }

  /** The rule of the person behind a merged policy. */
  #decisiveRule(
    policies: readonly string[],
    granted: Grant | undefined,
    call: CallFacts,
    touched: Touched,
  ): Grant | undefined {
    const effect = (['deny', 'ask'] as const).find((kind) => policies.includes(mergedIds[kind]))
    return this.#book
      .standing(call)
      .restrictions.find(
        (rule) =>
          rule.effect === effect &&
          rule.seq > (effect === 'ask' ? (granted?.seq ?? 0) : 0) &&
          holdsFor(rule, call, callAttributes(call).action, touched),
      )
  }

  /** The latest grant that allows this very call. */
  #granted(standing: Standing, call: CallFacts, now: EpochMs, { action }: CallAttributes): Grant | undefined {
    if (standing.allowances.length === 0) return undefined
    let hash: Sha256 | undefined
    const binding = () => {
      hash ??= bindingHash(call, sha256)
      return hash
    }
    const at = { now, setBack: this.#clock.setBack(now), binding, action: () => action }
    return standing.allowances.findLast(({ grant }) => permits(grant, call, at, this.parts.folders))?.grant
  }

  #withFirstUse(verdict: Verdict, call: CallFacts): Verdict {
    if (verdict.effect !== 'ask' || this.parts.usedBefore?.(call.client.id, call.entry.name) !== false) return verdict
    return { ...verdict, reasons: [...verdict.reasons, firstUse] }
  }

  #policy = (rule: Grant): Policy => rulePolicy(rule, grantSentence(rule))

  #suspension(grant: Grant, setBack: boolean): string | undefined {
    if (grant.effect !== 'allow') return undefined
    if (this.#tampered) return 'Rules were changed outside Gatehouse.'
    return setBack && isDated(grant) ? 'The clock was set back.' : undefined
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
    const { grants, forged, tampered } = this.parts.store.all()
    const now = this.#clock.now()
    this.#grants = grants.map(readyGrant)
    this.#tampered = tampered
    this.#epoch += 1
    this.#book.open(this.#grants, tampered)
    const ends = grants.map(({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY).filter((end) => end > now)
    this.#nextEnd = Math.min(Number.POSITIVE_INFINITY, ...ends)
    for (const id of forged) this.parts.onReport?.(`the rule ${id} was not made by Gatehouse and is ignored`)
    if (tampered)
      this.parts.onReport?.('rules were removed or changed outside Gatehouse; nothing remembered is allowed')
  }
}
