import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { GatehouseHandlers } from '../../shared/contract/contract.ts'
import { type RemoteDraft, remoteDraft } from '../../shared/contract/remote.ts'
import { type ServerDraft, serverDraft } from '../../shared/contract/servers.ts'
import type { Client } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { type ClientId, defaultWorkspace } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { approvalDenied, approvalUnknown, GatehouseError, inputInvalid, unexpected } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import type { PersonAsk } from '../approvals/person-questions.ts'

export interface ScriptRegistrationParts {
  readonly api: () => Pick<GatehouseHandlers, 'servers' | 'remote'>
  readonly askPerson: (ask: PersonAsk) => Promise<'allow' | 'deny'>
  /** Milliseconds a request waits for the person before it is answered; the question stays open. */
  readonly patienceMs?: number
}

/** Shorter than HTTP clients wait. */
const usualPatienceMs = 45_000

/** What became of a proposal so far. `refused`: by the person, or because what was agreed to could not be added. */
export type Registered = { readonly proposal: string } & (
  | { readonly state: 'added'; readonly server: JsonObject }
  | { readonly state: 'waiting' }
  | { readonly state: 'refused'; readonly error: JsonObject }
)

interface Made {
  readonly client: ClientId
  readonly outcome: Promise<JsonObject>
  ended?: Registered
}

/** Proposals whose outcome can be asked for; the oldest is forgotten for one more. */
const mostKept = 200

/**
 * A server that a script or an AI app proposes over HTTP. The person is shown exactly what would run or be connected to, as
 * when they add it themself, and only their yes adds it; what it offers is held back until they accept that, too.
 *
 * It refuses whatever gives more than the person reads: trust, values of secrets, a sign-in, another workspace.
 */
export class ScriptRegistration {
  /** One question for the same proposal, however often it is made. */
  readonly #open = new Map<string, string>()
  readonly #made = new Map<string, Made>()

  constructor(private readonly parts: ScriptRegistrationParts) {}

  /**
   * @param waitMs how long at most for the person's answer
   * @returns `waiting` when it did not come by then; `outcome` tells it later
   * @throws input.invalid, approvals.denied, approvals.flood, and what adding a server throws
   */
  async propose(client: Client, body: JsonObject, waitMs?: number): Promise<Registered> {
    const proposal = await this.#checked(client, body)
    const key = canonicalJson([client.id, body])
    const open = this.#open.get(key)
    const id = open !== undefined && this.#made.has(open) ? open : this.#make(client, proposal, key)
    const { outcome } = this.#made.get(id) as Made
    const patienceMs = this.parts.patienceMs ?? usualPatienceMs
    return withPatience(id, outcome, Math.min(waitMs ?? patienceMs, patienceMs))
  }

  /**
   * What became of a proposal of this client since Gatehouse was started.
   * @param waitMs how long at most for the person's answer, when it did not come yet
   * @throws approvals.unknown
   */
  async outcome(client: Client, id: string, waitMs = 0): Promise<Registered> {
    const made = this.#made.get(id)
    if (made?.client !== client.id) throw approvalUnknown(id)
    if (made.ended || waitMs === 0) return made.ended ?? { state: 'waiting', proposal: id }
    const patienceMs = Math.min(waitMs, this.parts.patienceMs ?? usualPatienceMs)
    return withPatience(id, made.outcome, patienceMs).catch(() => made.ended ?? { state: 'waiting', proposal: id })
  }

  #make(client: Client, proposal: Proposal, key: string): string {
    const id = `pr_${randomUUID()}`
    const made: Made = { client: client.id, outcome: this.#ask(client, proposal) }
    const end = (ended: Registered) => {
      made.ended = ended
      this.#open.delete(key)
    }
    made.outcome.then(
      (server) => end({ state: 'added', proposal: id, server }),
      (error) => end({ state: 'refused', proposal: id, error: told(error) }),
    )
    const [oldest] = this.#made.keys()
    if (this.#made.size >= mostKept && oldest) this.#made.delete(oldest)
    this.#open.set(key, id)
    this.#made.set(id, made)
    return id
  }

  async #checked(client: Client, body: JsonObject): Promise<Proposal> {
    const { servers, remote } = this.parts.api()
    if ('url' in body) {
      if (client.workspace !== defaultWorkspace) throw inputInvalid('Servers by address are added by the person here.')
      const draft = parsed(body, remoteDraft.strict().safeParse(body))
      const { url, host, addresses, mayGo, warnings } = await remote.plan(draft, caller(client))
      const place = [`It would be connected to: ${url}`, `Host: ${host} (${addresses.join(', ') || 'not found'})`]
      return { draft, details: [...place, ...mayGo, ...warnings] }
    }
    const draft = { ...parsed(body, serverDraft.strict().safeParse(body)), workspace: client.workspace }
    const { command, resolvedExecutable, mayTouch, warnings } = await servers.plan(draft, caller(client))
    const env = Object.entries(draft.env ?? {}).map(([name, value]) => `Environment: ${name}=${value}`)
    const what = [`It would run: ${command}`, `Program: ${resolvedExecutable || 'not found'}`, ...env]
    return { draft, details: [...what, ...mayTouch, ...warnings] }
  }

  async #ask(client: Client, { draft, details }: Proposal): Promise<JsonObject> {
    const verb = `servers add ${draft.name}`
    const { workspace, name } = client
    const answer = await this.parts.askPerson({ kind: 'verb', verb, details, client: name, workspace })
    if (answer === 'deny') throw approvalDenied(verb, '')
    const { servers, remote } = this.parts.api()
    const by = caller(client)
    const { tools, state } =
      'url' in draft
        ? await remote.add({ ...draft, acceptPins: false, secrets: {} }, by)
        : await servers.add({ ...draft, acceptPins: false, acceptFindings: false }, by)
    return { name: draft.name, state, tools }
  }
}

interface Proposal {
  readonly draft: ServerDraft | RemoteDraft
  /** Every line the person must see. */
  readonly details: readonly string[]
}

/** @throws input.invalid, also for what gives more than the person reads */
function parsed<T>(body: JsonObject, read: z.ZodSafeParseResult<T>): T {
  if (body.trusted === true || body.workspace !== undefined || body.signIn !== undefined)
    throw inputInvalid('Only the person trusts a server, says whose it is, and how to sign in to it.')
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw inputInvalid(`${issue?.path.join('.') || 'The server'}: ${issue?.message ?? 'not understood'}`)
}

const caller = ({ name }: Client) => ({ carrier: 'browser' as const, description: `proposed by “${name}”` })

const told = (error: unknown): JsonObject => {
  const known = error instanceof GatehouseError ? error : unexpected('', error)
  return { code: known.code, message: sentence(known, 'model') }
}

function withPatience(proposal: string, outcome: Promise<JsonObject>, patienceMs: number): Promise<Registered> {
  return new Promise((resolve, reject) => {
    const impatient = setTimeout(() => resolve({ state: 'waiting', proposal }), patienceMs)
    outcome
      .then((server) => resolve({ state: 'added', proposal, server }), reject)
      .finally(() => clearTimeout(impatient))
  })
}
