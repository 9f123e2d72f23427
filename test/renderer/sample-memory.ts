const types = ['person', 'project', 'place', 'preference', 'document', 'event', 'company', 'tool', 'idea', 'other']
const createdAt = Date.UTC(2026, 0, 1)

const nodeAt = (place: number) => ({
  id: `co_${place + 1}`,
  name: `Concept ${place + 1}`,
  type: types[place % types.length] ?? 'other',
  labels: place % 25 === 0 ? ['untrusted'] : place % 7 === 0 ? ['private'] : [],
  confidence: 1,
  createdAt,
  client: 'Cursor',
})

/** A tree of sixteen branches each, so that there are hubs, and one more relation each across it. */
const edgesAt = (place: number, count: number) =>
  [Math.floor(place / 16), (place * 7_919 + 13) % count]
    .filter((other) => other !== place)
    .map((other, which) => ({
      id: `re_${place * 2 + which + 1}`,
      from: `co_${place + 1}`,
      to: `co_${other + 1}`,
      type: which === 0 ? 'part of' : 'mentions',
      weight: which === 0 ? 1 : 0.3,
      inferred: which === 1,
      labels: [],
    }))

/** A memory of so many concepts, as main would tell of it. */
export function memoryAnswers(count: number): Record<string, (input: never) => unknown> {
  return {
    'memory.overview': () => ({
      concepts: count,
      relations: count * 2,
      observations: 0,
      writes: 1,
      sizeBytes: count * 1_000,
      embedder: { name: 'built-in-1', dimension: 256 },
      vectorIndex: { kind: 'sqlite-vec' },
    }),
    'memory.facets': () => ({ types: [], sources: [], clients: [] }),
    'memory.list': () => ({ concepts: [] }),
    'memory.picture': ({ skip, limit }: { skip: number; limit: number }) => {
      const places = Array.from({ length: Math.max(0, Math.min(limit, count - skip)) }, (_, at) => skip + at)
      return { nodes: places.map(nodeAt), edges: places.flatMap((place) => edgesAt(place, count)), total: count }
    },
  }
}
