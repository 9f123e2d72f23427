const quietMs = 60_000
const mostKinds = 100

/**
 * What goes wrong at the doors, for the log: the kind of error only, since messages may quote what was sent, and each kind
 * at most once a minute, since anyone who reaches a door can cause any number of them.
 *
 * @param tell gets the kind and how often it came since it was last told
 */
export function quietly(
  tell: (kind: string, times: number) => void,
  now: () => number = () => performance.now(),
): (error: unknown) => void {
  const told = new Map<string, { at: number; since: number }>()
  return (error) => {
    const kind = kindOf(error)
    const before = told.get(kind)
    if (before && now() - before.at < quietMs) {
      before.since++
      return
    }
    if (told.size >= mostKinds) told.clear()
    told.set(kind, { at: now(), since: 0 })
    tell(kind, (before?.since ?? 0) + 1)
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { code } = error as { code?: unknown }
  const named =
    (typeof code === 'string' || typeof code === 'number') && /^[\w.-]{1,60}$/.test(`${code}`) ? ` ${code}` : ''
  return `${error.constructor.name}${named}`
}
