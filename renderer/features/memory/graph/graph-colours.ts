export interface GraphColours {
  readonly ink: string
  readonly surface: string
  readonly edge: string
  readonly inferredEdge: string
  readonly found: string
  /** Of types, the most frequent first; the last is for all others. */
  readonly types: readonly string[]
}

/* Told apart also by most who see colours differently; each at least 3 : 1 on its ground. WebGL takes no CSS variables. */
const light: GraphColours = {
  ink: '#22302f',
  surface: '#fdfcf8',
  edge: '#c9c3b4',
  inferredEdge: '#e2ddd0',
  found: '#c2410c',
  types: ['#0f6b66', '#8a5a00', '#5b4bb5', '#a8325a', '#2f6fb0', '#4f7a1e', '#7a5c46', '#6b7280'],
}
const dark: GraphColours = {
  ink: '#eceae3',
  surface: '#1b2628',
  edge: '#47555a',
  inferredEdge: '#333f43',
  found: '#fb923c',
  types: ['#5fd0c5', '#e0b040', '#b3a6f5', '#f08bab', '#7fb8ec', '#a6d36b', '#d0ab8f', '#9aa5b1'],
}

export const coloursOf = (theme: string | undefined): GraphColours => (theme === 'dark' ? dark : light)

/** The colour of each type, by how frequent it is. */
export function typeColours(types: readonly string[], { types: colours }: GraphColours): ReadonlyMap<string, string> {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
  return new Map(ordered.map(([type], place) => [type, colours[Math.min(place, colours.length - 1)] ?? '']))
}
