import type { z } from 'zod'
import type { GatehouseHandlers } from '../../shared/contract/contract.ts'
import { type RemoteDraft, remoteDraft } from '../../shared/contract/remote.ts'
import { type ServerDraft, serverDraft } from '../../shared/contract/servers.ts'
import type { Client } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { approvalDenied, inputInvalid } from '../../shared/errors.ts'
import type { PersonAsk } from '../approvals/person-questions.ts'

export interface ScriptRegistrationParts {
  readonly api: () => Pick<GatehouseHandlers, 'servers' | 'remote'>
  readonly askPerson: (ask: PersonAsk) => Promise<'allow' | 'deny'>
  /** Milliseconds a request waits for the person before it is answered; the question stays open. */
  readonly patienceMs?: number
}

/** Shorter than HTTP clients wait. */
const usualPatienceMs = 45_000

export type Registered = { readonly state: 'added'; readonly server: JsonObject } | { readonly state: 'waiting' }

/**
 * A server that a script or an AI app proposes over HTTP. The person is shown exactly what would run or be connected to, as
 * when they add it themself, and only their yes adds it; what it offers is held back until they accept that, too.
 *
 * It refuses whatever gives more than the person reads: trust, values of secrets, a sign-in, another workspace.
 */
export class ScriptRegistration {
  /** One question for the same proposal, however often it is made. */
  readonly #open = new Map<string, Promise<Registered>>()

  constructor(private readonly parts: ScriptRegistrationParts) {}

  /** @throws input.invalid, approvals.denied, approvals.flood, and what adding a server throws */
  async propose(client: Client, body: JsonObject): Promise<Registered> {
    const proposal = await this.#checked(client, body)
    const key = canonicalJson([client.id, body])
    const open = this.#open.get(key) ?? this.#ask(client, proposal).finally(() => this.#open.delete(key))
    this.#open.set(key, open)
    open.catch(() => {}) // whoever waited may be gone
    return withPatience(open, this.parts.patienceMs ?? usualPatienceMs)
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

  async #ask(client: Client, { draft, details }: Proposal): Promise<Registered> {
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
    return { state: 'added', server: { name: draft.name, state, tools } }
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

function withPatience(open: Promise<Registered>, patienceMs: number): Promise<Registered> {
  return new Promise((resolve, reject) => {
    const impatient = setTimeout(() => resolve({ state: 'waiting' }), patienceMs)
    open.then(resolve, reject).finally(() => clearTimeout(impatient))
  })
}
