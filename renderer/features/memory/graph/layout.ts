/**
 * Where nodes lie: forces between them (ForceAtlas2, approximated), from a beginning that depends on the nodes alone, so that the
 * same graph always looks the same. Runs in `layout-worker.ts`, away from the thread that draws.
 */
export interface LayoutInput {
  readonly count: number
  /** Pairs of places in the list of nodes. */
  readonly edges: Uint32Array
  /** 0 to 1, one an edge. */
  readonly weights: Float32Array
}

/** Pairs x, y. */
export type Positions = Float32Array

interface Joined {
  readonly id: string
}
interface Joining {
  readonly from: string
  readonly to: string
  readonly weight: number
}

export function layoutInput(nodes: readonly Joined[], edges: readonly Joining[]): LayoutInput {
  const places = new Map(nodes.map(({ id }, place) => [id, place]))
  const pairs = edges.flatMap(({ from, to }) => [places.get(from) ?? 0, places.get(to) ?? 0])
  const weights = edges.map(({ weight }) => weight)
  return { count: nodes.length, edges: Uint32Array.from(pairs), weights: Float32Array.from(weights) }
}

/** Away from each other by the golden angle: no two lie at one place, and no chance is in it. */
export function beginning(count: number): Positions {
  const at = new Float32Array(count * 2)
  const golden = Math.PI * (3 - Math.sqrt(5))
  for (let place = 0; place < count; place++) {
    const radius = Math.sqrt(place + 0.5) * 12
    at[place * 2] = radius * Math.cos(place * golden)
    at[place * 2 + 1] = radius * Math.sin(place * golden)
  }
  return at
}

/** Larger graphs get fewer rounds, so that the picture settles within seconds. */
export const roundsFor = (count: number): number =>
  Math.max(60, Math.min(300, Math.round(600_000 / Math.max(1, count))))
