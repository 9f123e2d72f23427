/**
 * How each server usually behaves, from real measurements and calls, and what it does unlike itself. A single figure
 * that left its range is noted; two at once are watched; three or more, which no ordinary task brings together, are a
 * reason to stop it. Which tools are called is the client's choice and counts for nothing against the server.
 *
 * It acts on nothing: `violations.ts` does.
 *
 * @see spec/platform.md, A: behaviour fingerprint, entropy profile, deviation beyond the threshold
 */
import type { ServerName } from '../../shared/domain/ids.ts'
import { type Deviation, Figure } from './figure.ts'
import { entropyOf, type HistogramData } from './histogram.ts'
import type { Violation, ViolationSeverity } from './violations.ts'

/** Of one process of the server, as measured. */
export interface UsageFigures {
  readonly cpu: number
  readonly memoryBytes: number
  readonly readBytes: number
  readonly writtenBytes: number
  /** Absent where it has no network of its own to be measured. */
  readonly networkBytes?: number
  readonly processes: number
}

export interface CallFigures {
  readonly entry: string
  readonly latencyMs: number
  readonly resultBytes: number
  /** Bits a character of its text: 8 at most; prose has 4, something encoded or encrypted 6. */
  readonly resultEntropy: number
}

const mb = 1024 ** 2
/** Calls begin to tell after 50, measurements (every 10 s) after 30: five minutes of work. */
const figures = {
  'processor use': { floor: 0.1, least: 30, far: 8 },
  memory: { floor: 128 * mb, least: 30, far: 8 },
  'disk reads': { floor: 4 * mb, least: 30, far: 8 },
  'disk writes': { floor: mb, least: 30, far: 8 },
  network: { floor: mb, least: 30, far: 8 },
  processes: { floor: 2, least: 30, far: 4 },
  'answer times': { floor: 2_000, least: 50, far: 8 },
  'size of answers': { floor: 4 * 1024, least: 50, far: 8 },
  'disorder of answers': { floor: 5, least: 50, far: 1.15 },
} as const
export type FigureName = keyof typeof figures
/** What goes together anyway says no more than one of it: a large answer of another kind is still one answer. */
const aspectOf = (name: FigureName): string => (name === 'disorder of answers' ? 'size of answers' : name)
const names = Object.keys(figures) as FigureName[]

/** What was seen within this time belongs together. */
const togetherMs = 120_000
const severities: readonly ViolationSeverity[] = ['low', 'medium', 'high']
const surelyCritical = { figures: 5, confidence: 0.999_999 }

export interface ProfileData {
  /** What the profile is of: another code or command has no past. */
  readonly identity: string
  readonly figures: Readonly<Partial<Record<FigureName, HistogramData>>>
  readonly calls: Readonly<Record<string, number>>
}

export interface BehaviourParts {
  /** The code and command of a server as one text; undefined for one that is gone. */
  readonly identity: (server: ServerName) => string | undefined
  readonly kept: {
    load(server: ServerName): ProfileData | undefined
    save(server: ServerName, data: ProfileData): void
  }
  readonly onViolation: (violation: Violation) => void
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number
}

interface Profile {
  readonly identity: string
  readonly figures: ReadonlyMap<FigureName, Figure>
  readonly calls: Map<string, number>
  readonly deviating: Map<FigureName, { readonly atMs: number; readonly deviation: Deviation }>
  /** Said already, so that it is not said with every sample. */
  told: number
  changed: boolean
}

export class Behaviour {
  readonly #profiles = new Map<ServerName, Profile>()
  readonly #now: () => number

  constructor(private readonly parts: BehaviourParts) {
    this.#now = parts.nowMs ?? (() => performance.now())
  }

  used(server: ServerName, usage: UsageFigures): void {
    this.#took(server, [
      ['processor use', usage.cpu],
      ['memory', usage.memoryBytes],
      ['disk reads', usage.readBytes],
      ['disk writes', usage.writtenBytes],
      ...(usage.networkBytes === undefined ? [] : ([['network', usage.networkBytes]] as const)),
      ['processes', usage.processes],
    ])
  }

  answered(server: ServerName, { entry, latencyMs, resultBytes, resultEntropy }: CallFigures): void {
    const profile = this.#took(server, [
      ['answer times', latencyMs],
      ['size of answers', resultBytes],
      ['disorder of answers', resultEntropy],
    ])
    profile?.calls.set(entry, (profile.calls.get(entry) ?? 0) + 1)
  }

  /** What is usual for a server, for the person. */
  shown(server: ServerName): readonly { name: FigureName; samples: number; high: number; entropy: number }[] {
    const profile = this.#profile(server)
    if (profile === undefined) return []
    return [...profile.figures].map(([name, figure]) => ({
      name,
      samples: figure.count,
      high: figure.high,
      entropy: figure.entropies().usual,
    }))
  }

  /** Bits of the mix of its tools: 0 for one tool only. */
  mixEntropy = (server: ServerName): number => entropyOf([...(this.#profile(server)?.calls.values() ?? [])])

  /** The person says that what it does now is right. */
  accept(server: ServerName): void {
    const profile = this.#profiles.get(server)
    if (profile === undefined) return
    for (const figure of profile.figures.values()) figure.accept()
    profile.deviating.clear()
    profile.told = 0
    profile.changed = true
  }

  forget = (server: ServerName): boolean => this.#profiles.delete(server)

  /** Writes what changed since the last time. */
  save(): void {
    for (const [server, profile] of this.#profiles) {
      if (!profile.changed) continue
      profile.changed = false
      this.parts.kept.save(server, dataOf(profile))
    }
  }

  #took(server: ServerName, samples: readonly (readonly [FigureName, number])[]): Profile | undefined {
    const profile = this.#profile(server)
    if (profile === undefined) return undefined
    const atMs = this.#now()
    for (const [name, value] of samples) {
      const deviation = profile.figures.get(name)?.add(value)
      if (deviation !== undefined) profile.deviating.set(name, { atMs, deviation })
    }
    profile.changed = true
    for (const [name, { atMs: seenMs }] of profile.deviating)
      if (atMs - seenMs > togetherMs) profile.deviating.delete(name)
    if (profile.deviating.size === 0) profile.told = 0
    else if (profile.deviating.size > profile.told) this.#tell(server, profile)
    return profile
  }

  #tell(server: ServerName, profile: Profile): void {
    profile.told = profile.deviating.size
    const seen = [...profile.deviating].map(([name, { deviation }]) => ({ name, ...deviation }))
    const doubt = seen.reduce((product, { confidence }) => product * (1 - confidence), 1)
    const aspects = new Set(seen.map(({ name }) => aspectOf(name))).size
    const sure = aspects >= surelyCritical.figures && 1 - doubt >= surelyCritical.confidence
    const severity = sure ? 'critical' : (severities[Math.min(aspects, severities.length) - 1] ?? 'low')
    const parts = seen.map(({ name, times }) => `${name} ${timesInWords(times)} times the usual highest`)
    const evidence = `It behaves unlike itself: ${parts.join(', ')} (confidence ${percent(1 - doubt)}).`
    this.parts.onViolation({ server, kind: 'anomalous', severity, evidence })
  }

  #profile(server: ServerName): Profile | undefined {
    const identity = this.parts.identity(server)
    if (identity === undefined) return undefined
    const present = this.#profiles.get(server)
    if (present?.identity === identity) return present
    const kept = present === undefined ? this.parts.kept.load(server) : undefined
    const profile = profileFrom(kept?.identity === identity ? kept : { identity, figures: {}, calls: {} })
    this.#profiles.set(server, profile)
    return profile
  }
}

const timesInWords = (times: number) => (times < 2 ? times.toFixed(1) : String(Math.round(times)))

const percent = (share: number) => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`

const profileFrom = (data: ProfileData): Profile => ({
  identity: data.identity,
  figures: new Map(names.map((name) => [name, new Figure(figures[name], data.figures[name])])),
  calls: new Map(Object.entries(data.calls)),
  deviating: new Map(),
  told: 0,
  changed: false,
})

const dataOf = (profile: Profile): ProfileData => ({
  identity: profile.identity,
  figures: Object.fromEntries([...profile.figures].map(([name, figure]) => [name, figure.data()])),
  calls: Object.fromEntries(profile.calls),
})
