import { isDeepStrictEqual } from 'node:util'
import type { Client, Program } from '../../shared/domain/call.ts'
import { keyElsewhere, storeTampered } from '../../shared/errors.ts'
import { isApiKeyId } from './api-key.ts'
import type { KeyProgramStore } from './key-program-store.ts'
import type { PairQuestion } from './pairing.ts'
import { isSameProgram } from './programs/program-of.ts'

export interface KeyUse {
  readonly client: Client
  readonly credentialId: string
}

export interface KeyProgramsParts {
  readonly store: Pick<KeyProgramStore, 'of' | 'awaitsFirst' | 'save'>
  /** Whether what is stored is as it was left; while it is not, nobody is let in. */
  readonly isSound?: () => boolean
  readonly askPerson: (question: PairQuestion) => Promise<'allow' | 'deny'>
  /** A program used a key for the first time; `asked`: the person agreed to it. */
  readonly onNewProgram?: (use: KeyUse, program: Program, asked: boolean) => void
  readonly monotonicMs?: () => number
  /** Milliseconds a request waits for the person before it is answered. */
  readonly patienceMs?: number
}

/** As long as a held call: shorter than HTTP clients wait. */
const usualPatienceMs = 45_000
/** Milliseconds a program the person said no to, or did not answer about, is refused without asking again. */
const quietMs = 2 * 60_000
const unknownProgram = 'A program that could not be told'

/**
 * Notices an API key that comes from another program than before. The first program a key comes from is recorded; each
 * other one is a question, and so is any once that record is gone. Evidence, not proof: who can read another program's memory or run its executable is not noticed.
 */
export class KeyPrograms {
  readonly #refusedUntil = new Map<string, number>()
  readonly #asking = new Map<string, Promise<boolean>>()
  /** Keys that came from a program the system does not tell, and the person agreed; until the app ends. */
  readonly #untoldAllowed = new Set<string>()
  readonly #monotonicMs: () => number

  constructor(private readonly parts: KeyProgramsParts) {
    this.#monotonicMs = parts.monotonicMs ?? (() => performance.now())
  }

  /** The programs this key was used by. */
  of = (credentialId: string): Program[] => this.parts.store.of(credentialId)

  /** @throws client.key-elsewhere while and unless the person agrees to another program; approvals.flood, store.tampered */
  async vouch(use: KeyUse, program: Program | undefined): Promise<void> {
    if (this.parts.isSound?.() === false) throw storeTampered()
    const known = this.of(use.credentialId)
    const before = known.find((one) => isSameProgram(one, program))
    const first = known.length === 0 && this.#mayBeFirst(use)
    if (first || before) return this.#recordUnlessKnown(use, program, before)
    if (program === undefined && this.#untoldAllowed.has(use.credentialId)) return
    if (!(await this.#agreed(use, known, program))) throw keyElsewhere(use.client.name, nameOf(program))
  }

  /** Of what is no API key, no program is recorded: it is short-lived, and got by showing who one is. */
  #mayBeFirst = ({ credentialId }: KeyUse): boolean =>
    !isApiKeyId(credentialId) || this.parts.store.awaitsFirst(credentialId)

  #recordUnlessKnown(use: KeyUse, program: Program | undefined, before: Program | undefined): void {
    if (!program || (before && isDeepStrictEqual(before.identity, program.identity))) return
    this.parts.store.save(use.credentialId, program)
    if (!before) this.parts.onNewProgram?.(use, program, false)
  }

  /** Whether the person agreed before this request lost its patience. The question stays open for the next one. */
  #agreed(use: KeyUse, known: readonly Program[], program: Program | undefined): Promise<boolean> {
    const key = JSON.stringify([use.credentialId, program?.executable, program?.identity?.name])
    if ((this.#refusedUntil.get(key) ?? -1) > this.#monotonicMs()) return Promise.resolve(false)
    const asking = this.#asking.get(key) ?? this.#ask(use, known, program, key)
    this.#asking.set(key, asking)
    return withPatience(asking, this.parts.patienceMs ?? usualPatienceMs)
  }

  async #ask(use: KeyUse, known: readonly Program[], program: Program | undefined, key: string): Promise<boolean> {
    try {
      const previous = known.at(-1)
      const question = {
        kind: 'pair',
        apiKey: true,
        clientName: use.client.name,
        workspace: use.client.workspace,
      } as const
      const answer = await this.parts.askPerson({
        ...question,
        ...(previous ? { previous } : {}),
        ...(program ? { program } : {}),
      })
      if (answer === 'allow') this.#keep(use, program)
      else this.#refusedUntil.set(key, this.#monotonicMs() + quietMs)
      return answer === 'allow'
    } finally {
      this.#asking.delete(key)
    }
  }

  #keep(use: KeyUse, program: Program | undefined): void {
    if (program === undefined) return void this.#untoldAllowed.add(use.credentialId)
    this.parts.store.save(use.credentialId, program)
    this.parts.onNewProgram?.(use, program, true)
  }
}

const nameOf = (program: Program | undefined) => program?.executable ?? unknownProgram

function withPatience(asking: Promise<boolean>, patienceMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const impatient = setTimeout(() => resolve(false), patienceMs)
    asking.then(resolve, reject).finally(() => clearTimeout(impatient))
  })
}
