import type { EpochMs } from '../../shared/domain/ids.ts'
import { inputInvalid } from '../../shared/errors.ts'

/**
 * Whether there is a newer Gatehouse, and how this one was installed. It asks over the network only where the person
 * switched that on, tells what it found, and never fetches or installs anything.
 */
export interface UpdateSource {
  /** Asks what lies at this address. @throws Error when nobody answers, or not as expected */
  newest(feedUrl: string): Promise<{ readonly version: string; readonly newer: boolean }>
}

export type Checking = 'off' | 'asked' | 'daily'

export interface UpdatesParts {
  readonly version: string
  /** Only where a package for this system is installed; else it was built from its sources. */
  readonly source?: UpdateSource
  /** As the person set it. */
  readonly settings: () => { readonly check: Checking; readonly feedUrl?: string | undefined }
  readonly onNewer: (version: string) => void
  readonly now?: () => number
}

export interface UpdateState {
  readonly version: string
  readonly installed: 'package' | 'sources'
  readonly checking: Checking
  /** Whether it can be asked: there is a package, an address, and the person switched it on. */
  readonly mayAsk: boolean
  readonly checkedAt?: EpochMs
  /** Newer than this one. */
  readonly newer?: string
  readonly problem?: string
}

export class Updates {
  #found: Pick<UpdateState, 'checkedAt' | 'newer' | 'problem'> = {}
  #told: string | undefined

  constructor(private readonly parts: UpdatesParts) {}

  state(): UpdateState {
    const { version, source, settings } = this.parts
    const { check, feedUrl } = settings()
    const mayAsk = source !== undefined && check !== 'off' && feedUrl !== undefined
    return { version, installed: source ? 'package' : 'sources', checking: check, mayAsk, ...this.#found }
  }

  /** @throws input.invalid where the person did not switch it on, or there is nobody to ask */
  async check(): Promise<UpdateState> {
    const { source, settings } = this.parts
    const { check, feedUrl } = settings()
    if (source === undefined)
      throw inputInvalid('This Gatehouse was built from its sources: update them, and start it anew.')
    if (check === 'off')
      throw inputInvalid('Looking for a newer Gatehouse is switched off. Switch it on under Settings.')
    if (feedUrl === undefined) throw inputInvalid('Say under Settings where newer versions of Gatehouse are found.')
    const checkedAt = (this.parts.now ?? Date.now)() as EpochMs
    try {
      const { version, newer } = await source.newest(feedUrl)
      this.#found = { checkedAt, ...(newer ? { newer: version } : {}) }
      if (newer && this.#told !== version) this.parts.onNewer(version)
      this.#told = newer ? version : undefined
    } catch (error) {
      this.#found = { checkedAt, problem: error instanceof Error ? error.message : String(error) }
    }
    return this.state()
  }

  /** Once a day, where the person wants it so. */
  async checkIfDaily(): Promise<void> {
    if (this.state().mayAsk && this.state().checking === 'daily') await this.check()
  }
}
