import type { Filter } from './filter.ts'

const times = ['since', 'until'] as const
type Time = (typeof times)[number]

/** Only what was filled in; local times as milliseconds since 1970. A time that makes no sense counts as none. */
export function given(filter: Filter): Given {
  const { since, until, ...words } = filter
  const filled = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== ''))
  for (const [name, text] of [
    ['since', since],
    ['until', until],
  ] as const) {
    const atMs = new Date(text).getTime()
    if (Number.isFinite(atMs)) filled[name] = atMs as never
  }
  return filled
}
type Given = { readonly [K in Exclude<keyof Filter, Time>]?: Exclude<Filter[K], ''> } & {
  readonly [K in Time]?: number
}
