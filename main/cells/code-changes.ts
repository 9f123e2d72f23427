/** Which files are not what they were. */
export interface CodeChanges {
  readonly changed: readonly string[]
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** In a few words, for a sentence. */
  readonly summary: string
}

const mostNamed = 100

/** @param before, after path → sum */
export function changesBetween(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): CodeChanges {
  const changed = Object.keys(after).filter((path) => Object.hasOwn(before, path) && before[path] !== after[path])
  const added = Object.keys(after).filter((path) => !Object.hasOwn(before, path))
  const removed = Object.keys(before).filter((path) => !Object.hasOwn(after, path))
  const words = [
    ...changed.slice(0, 5),
    ...added.slice(0, 3).map((path) => `${path} (new)`),
    ...removed.slice(0, 3).map((path) => `${path} (gone)`),
  ]
  const more = changed.length + added.length + removed.length - words.length
  return {
    changed: changed.slice(0, mostNamed),
    added: added.slice(0, mostNamed),
    removed: removed.slice(0, mostNamed),
    summary: `${words.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  }
}
