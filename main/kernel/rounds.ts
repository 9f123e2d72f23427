import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { bindingHash } from '../../shared/domain/binding.ts'
import type { CallFacts, Clearance, JudgedCall, Reply, ResumedRound } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { roundInvalid } from '../../shared/errors.ts'

/** Milliseconds a client has for its answers; a person may have to find them. */
const validMs = 30 * 60_000
const mostRounds = 100
const ivBytes = 12
const tagBytes = 16
const stateKey = 'requestState'

interface Sealed {
  /** What the server wants back. */
  readonly state?: string
  readonly call: Sha256
  readonly round: number
  readonly expiresAt: number
  readonly approval?: NonNullable<ResumedRound['approval']>
}

/**
 * A call whose server first asked for more (`input_required`) is one call in several rounds. Between two of them the
 * client keeps the state, sealed: it opens only for the same client, entry, server and arguments, and only for a while.
 * The key lives as long as the app.
 * @see DESIGN section 2 and MCP 2026-07-28, multi round-trip requests
 */
export class Rounds {
  readonly #key = randomBytes(32)
  /** Rounds that went on by an earlier answer of the person, until they expire: one answer, one call. */
  readonly #spent = new Map<Sha256, number>()

  constructor(private readonly now: () => number = Date.now) {}

  /**
   * @returns the round this call goes on with, and its parameters with the server's own state; undefined for a first round
   * @throws arguments.round when the state is not one of this call
   */
  open(call: CallFacts): { readonly extra: JsonObject; readonly resumed: ResumedRound } | undefined {
    const sealed = call.extra?.[stateKey]
    if (sealed === undefined) return undefined
    const opened = typeof sealed === 'string' ? this.#opened(sealed) : undefined
    if (opened?.call !== callOf(call) || opened.expiresAt <= this.now() || typeof sealed !== 'string')
      throw roundInvalid(call.entry.name)
    const { [stateKey]: _sealed, ...others } = call.extra ?? {}
    const { state, round, approval } = opened
    return {
      extra: state === undefined ? others : { ...others, [stateKey]: state },
      resumed: { sealed, round, ...(approval ? { approval } : {}) },
    }
  }

  /**
   * What the person allowed covers the later rounds of the call, each once, unless they are about something else.
   * @returns undefined when the person has to be asked
   */
  carried(call: JudgedCall): Clearance | undefined {
    const { sealed, approval } = call.resumed ?? {}
    if (sealed === undefined || approval === undefined || approval.nature !== natureOf(call)) return undefined
    const now = this.now()
    for (const [old, until] of this.#spent) if (until <= now) this.#spent.delete(old)
    const used = sha256(sealed) // a state may be a megabyte
    if (this.#spent.has(used)) return undefined
    this.#spent.set(used, now + validMs)
    return { by: 'approval', id: approval.id }
  }

  /** The state in an answer that asks for more, sealed; any other answer as it is. @throws arguments.round */
  seal(call: JudgedCall & { readonly clearance: Clearance }, given: Reply, reply: Reply): Reply {
    if (given.kind !== 'result' || !isInputRequired(reply)) return reply
    const round = (call.resumed?.round ?? 0) + 1
    if (round > mostRounds) throw roundInvalid(call.entry.name)
    const { by, id } = call.clearance
    const state = given.result[stateKey]
    const sealed: Sealed = {
      ...(typeof state === 'string' ? { state } : {}),
      call: callOf(call),
      round,
      expiresAt: this.now() + validMs,
      ...(by === 'approval' && id !== undefined ? { approval: { id, nature: natureOf(call) } } : {}),
    }
    return { kind: 'result', result: { ...reply.result, [stateKey]: this.#sealed(sealed) } }
  }

  #sealed(value: Sealed): string {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv)
    const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
  }

  #opened(sealed: string): Sealed | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length <= ivBytes + tagBytes) return undefined
    if (bytes.toString('base64url') !== sealed) return undefined // written another way, it would count as another round
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, ivBytes))
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
      const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()])
      return JSON.parse(text.toString()) as Sealed
    } catch {
      return undefined // changed, or sealed before the app was started again
    }
  }
}

const isInputRequired = (reply: Reply): reply is Extract<Reply, { kind: 'result' }> =>
  reply.kind === 'result' && reply.result.resultType === 'input_required'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Sha256

/** The call without what differs by round. */
function callOf({ extra: _extra, ...call }: CallFacts): Sha256 {
  return bindingHash(call, sha256)
}

/** What the person was asked about, as far as answers to a server's questions could change it. */
function natureOf({ verdict, paths, urls, commands, flow }: JudgedCall): Sha256 {
  const { action, risk, rule } = verdict
  const touched = paths.map(({ real }) => real)
  const about = { action, risk, rule, touched, urls: [...urls], commands: [...commands], flow: flow?.kind ?? 'none' }
  return sha256(canonicalJson({ ...about }))
}
