import type { Audit } from '../audit/audit.ts'

/**
 * Records that somebody wrote without the key in the keychain. Each counts for nothing, wherever it lies; it is told once a
 * run, whatever reads it again, and put on record once. Never throws: it is told of by what reads, which goes on without it.
 */
export class Forged {
  readonly #told = new Set<string>()
  readonly #recorded = new Set<string>()

  constructor(
    private readonly audit: Pick<Audit, 'append'>,
    private readonly notice: (level: 'problem', text: string) => void,
  ) {}

  /** What was found since the start, each in one sentence; also what was put right since. */
  list = (): string[] => [...this.#told]

  readonly found = (sentence: string): void => {
    if (!this.#told.has(sentence)) {
      this.#told.add(sentence)
      this.notice('problem', sentence)
    }
    if (!this.#recorded.has(sentence)) this.#record(sentence)
  }

  /** Where that cannot be done now, whatever reads it next tries again. */
  #record(sentence: string): void {
    try {
      this.audit.append({ action: 'integrity.fault', severity: 'critical', summary: sentence, code: 'store.tampered' })
      this.#recorded.add(sentence)
    } catch {}
  }
}
