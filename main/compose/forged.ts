import type { Audit } from '../audit/audit.ts'

/**
 * Records that somebody wrote without the key in the keychain. Each counts for nothing, wherever it lies; it is on record
 * and told once a run, whatever reads it again.
 */
export class Forged {
  readonly #told = new Set<string>()

  constructor(
    private readonly audit: Pick<Audit, 'append'>,
    private readonly notice: (level: 'problem', text: string) => void,
  ) {}

  /** What was found since the start, each in one sentence. */
  list = (): string[] => [...this.#told]

  readonly found = (sentence: string): void => {
    if (this.#told.has(sentence)) return
    this.#told.add(sentence)
    this.audit.append({ action: 'integrity.fault', severity: 'critical', summary: sentence, code: 'store.tampered' })
    this.notice('problem', sentence)
  }
}
