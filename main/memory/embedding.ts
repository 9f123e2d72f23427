import { setImmediate as nextTurn } from 'node:timers/promises'
import { builtInName } from './embedders/built-in.ts'
import type { RemoteEmbedder } from './embedders/embedder.ts'
import { embeddedText, type Graph } from './graph.ts'
import { bodyOf, textsOf } from './text-index.ts'
import type { Generation } from './vectors.ts'

export interface EmbeddingParts {
  readonly graph: Graph
  /** The embedder that is wanted, by its name. */
  readonly wanted: () => string
  readonly onProgress: (progress: EmbeddingProgress) => void
  /** The wanted embedder does not answer; it is tried again later. */
  readonly onProblem: (error: unknown) => void
}

export interface EmbeddingProgress {
  readonly embedder: string
  readonly done: number
  readonly total: number
  /** Recall uses it from now on. */
  readonly complete: boolean
}

/** Concepts in one slice of an embedder that answers at once, and in one request to one that does not. */
const atOnce = 40
const inRequest = 32
/** The built-in embedder weighs words anew when there are so many times as many concepts as when it did. */
const learnsAgainAt = 4
const learnsFrom = 64
const firstRetryMs = 5_000
const lastRetryMs = 300_000

/**
 * Makes the vectors that are missing, in the background and in slices: all of them when another embedder is wanted or words are
 * weighed anew. Recall goes on with the old ones until the new are complete.
 */
export class Embedding {
  #running: Promise<void> | undefined
  #again = false
  #stopped = false
  #held = false
  #retryMs = firstRetryMs
  #timer: NodeJS.Timeout | undefined
  #stop = new AbortController()

  constructor(private readonly parts: EmbeddingParts) {}

  /** Something may have to be done: does it soon. */
  kick(): void {
    if (this.#stopped || this.#held) return
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Resolves when nothing is left to do, or it has to wait for an embedder. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running
  }

  /** Lets go of what is being made; the wanted embedder must be the present one by now, or it begins again. */
  async cancel(): Promise<void> {
    this.#stop.abort()
    await this.settled()
    this.#stop = new AbortController()
    this.#vectors.abandon()
  }

  /** Makes nothing until `release`; what was made stays. */
  async hold(): Promise<void> {
    this.#held = true
    this.#stop.abort()
    await this.settled()
    this.#stop = new AbortController()
  }

  release(): void {
    this.#held = false
    this.kick()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#stop.abort()
    await this.settled()
  }

  get #vectors() {
    return this.parts.graph.vectors
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (this.#again && !signal.aborted) {
      this.#again = false
      try {
        await this.#work(signal)
        this.#retryMs = firstRetryMs
      } catch (error) {
        this.#vectors.unsure()
        if (signal.aborted) return
        this.parts.onProblem(error)
        this.#retryLater()
      }
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    await nextTurn()
    await this.#beginNext(signal)
    const next = this.#vectors.building
    if (next && (await this.#complete(next, signal))) {
      this.#vectors.promote()
      const total = this.parts.graph.counts.concepts
      this.parts.onProgress({ embedder: next.row.embedder, done: total, total, complete: true })
      this.#again = true
    }
    await this.#complete(this.#vectors.current, signal)
  }

  async #beginNext(signal: AbortSignal): Promise<void> {
    const { current, building } = this.#vectors
    const wanted = this.parts.wanted()
    if (building && (building.row.embedder !== wanted || this.#outgrown(building))) this.#vectors.abandon()
    if (this.#vectors.building) return
    const { concepts } = this.parts.graph.counts
    if (wanted === builtInName && (current.row.embedder !== wanted || concepts >= learnsAgainFrom(current.row)))
      await this.#beginBuiltIn(concepts, signal)
    else if (wanted !== current.row.embedder) await this.#beginRemote(wanted, signal)
  }

  async #beginBuiltIn(concepts: number, signal: AbortSignal): Promise<void> {
    for (const _ of this.#vectors.beginBuiltIn(concepts)) {
      await nextTurn()
      if (signal.aborted) return
    }
  }

  async #beginRemote(name: string, signal: AbortSignal): Promise<void> {
    const embedder = this.#vectors.remote(name)
    if (!embedder) return
    const [vector] = await embedder.embed(['dimension'], 'document', signal)
    if (vector && !signal.aborted) this.#vectors.begin(name, vector.length)
  }

  /** @returns whether every concept has its vector now */
  async #complete(generation: Generation, signal: AbortSignal): Promise<boolean> {
    const { embedder } = generation
    if (!embedder) return false
    const most = embedder.kind === 'instant' ? atOnce : inRequest
    // from the beginning once more at the end, for what changed behind
    for (let [last, found] = [0, 0]; ; ) {
      const due = generation.index.due(last, most)
      if (due.length === 0 && found === 0) return true
      found = due.length === 0 ? 0 : found + due.length
      last = due.at(-1) ?? 0
      if (embedder.kind === 'instant') this.#makeNow(generation, due)
      else await this.#makeRemote(generation, embedder, due, signal)
      if (signal.aborted) return false
      if (generation === this.#vectors.building) {
        this.#tell(generation)
        if (this.#outgrown(generation)) {
          this.#again = true
          return false
        }
      }
      await nextTurn()
    }
  }

  /** So much came while it was made that its words would have to be weighed anew at once: that is done now instead. */
  #outgrown = ({ row }: Generation): boolean =>
    row.embedder === builtInName && this.parts.graph.counts.concepts >= learnsAgainFrom(row)

  #makeNow({ index, embedder }: Generation, due: readonly number[]): void {
    if (embedder?.kind !== 'instant') return
    this.parts.graph.db.transaction(() => {
      for (const id of due) index.put(id, embedder.embed(this.#textOf(id) ?? ''))
    })()
  }

  /** What changed while the embedder was at work stays due. */
  async #makeRemote(
    { index, row }: Generation,
    embedder: RemoteEmbedder,
    due: readonly number[],
    signal: AbortSignal,
  ): Promise<void> {
    const texts = due.map((id) => this.#textOf(id) ?? '')
    const made = await embedder.embed(texts, 'document', signal)
    if (signal.aborted) return
    if (made.some((vector) => vector.length !== row.dimension)) throw new Error('its vectors have another length now')
    this.parts.graph.db.transaction(() => {
      for (const [at, id] of due.entries()) {
        const vector = made[at]
        if (vector && this.#textOf(id) === texts[at]) index.put(id, vector)
      }
    })()
  }

  #textOf(id: number): string | undefined {
    const { concepts } = this.parts.graph.tables
    const row = concepts.get(id)
    return row && embeddedText(row, bodyOf(textsOf(row, concepts.observations(id))))
  }

  #tell({ row, index }: Generation): void {
    const total = this.parts.graph.counts.concepts
    this.parts.onProgress({ embedder: row.embedder, done: index.count(), total, complete: false })
  }

  #retryLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.kick(), this.#retryMs).unref()
    this.#retryMs = Math.min(lastRetryMs, this.#retryMs * 2)
  }
}

/** How many concepts there have to be for its words to be weighed anew. */
const learnsAgainFrom = ({ learned_from }: Generation['row']): number =>
  Math.max(learnsFrom, learned_from * learnsAgainAt)
