/** How well a part is. */
export type Condition = 'healthy' | 'degraded' | 'unhealthy'

export interface Found {
  readonly state: Condition
  /** One sentence for the person. */
  readonly detail: string
}
export interface Checked extends Found {
  readonly name: string
  readonly checkedAt: number
  readonly tookMs: number
}
export interface Check {
  readonly name: string
  /** What it throws makes the part unhealthy. */
  readonly look: () => Found | Promise<Found>
  /** Milliseconds between two looks while it is well; every half minute unless told. */
  readonly everyMs?: number
}

/** @see spec, platform H: checks with 5 s timeout every 30 s */
const everyMs = 30_000
const patienceMs = 5_000

export interface ChecksParts {
  readonly checks: readonly Check[]
  /** A part is in another state than it was. Not told of the first look. */
  readonly onChange: (now: Checked, before: Checked) => void
  readonly now?: () => number
  readonly patienceMs?: number
}

/** Looks at every part now and then, all at once and each with its own patience: one that hangs holds up no other. */
export class Checks {
  readonly #found = new Map<string, Checked>()
  readonly #looking = new Map<string, Promise<Checked>>()
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly parts: ChecksParts) {}

  start(): void {
    void this.report()
    this.#timer = setInterval(() => void this.#lookAtDue(), everyMs).unref()
  }

  stop = (): void => clearInterval(this.#timer)

  /** As found by the latest looks; a part that was not looked at for a while is looked at now. */
  report = (): Promise<Checked[]> => Promise.all(this.parts.checks.map((check) => this.#fresh(check, everyMs)))

  async #lookAtDue(): Promise<void> {
    await Promise.all(this.parts.checks.map((check) => this.#fresh(check, 0)))
  }

  #fresh(check: Check, atMostMs: number): Promise<Checked> | Checked {
    const found = this.#found.get(check.name)
    const goodForMs = found?.state === 'healthy' ? Math.max(atMostMs, check.everyMs ?? 0) : atMostMs
    if (found && this.#now() - found.checkedAt < goodForMs) return found
    const running = this.#looking.get(check.name) ?? this.#look(check)
    this.#looking.set(check.name, running)
    return running
  }

  async #look(check: Check): Promise<Checked> {
    const startedMs = performance.now()
    const found = await outcomeOf(check, this.parts.patienceMs ?? patienceMs)
    const now = { name: check.name, ...found, checkedAt: this.#now(), tookMs: performance.now() - startedMs }
    const before = this.#found.get(check.name)
    this.#found.set(check.name, now)
    this.#looking.delete(check.name)
    if (before && before.state !== now.state) this.parts.onChange(now, before)
    return now
  }

  #now = (): number => (this.parts.now ?? Date.now)()
}

async function outcomeOf({ look }: Check, patienceMs: number): Promise<Found> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Found>((resolve) => {
    const said = `It did not answer within ${patienceMs / 1000} s.`
    timer = setTimeout(() => resolve({ state: 'unhealthy', detail: said }), patienceMs)
  })
  try {
    return await Promise.race([Promise.resolve().then(look), late])
  } catch (error) {
    return { state: 'unhealthy', detail: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}

const order: readonly Condition[] = ['healthy', 'degraded', 'unhealthy']

/** Any unhealthy makes the whole unhealthy, else any degraded degraded. */
export const worst = (states: readonly Condition[]): Condition =>
  order[Math.max(0, ...states.map((one) => order.indexOf(one)))] ?? 'healthy'
