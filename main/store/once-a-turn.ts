/**
 * Looks at most once in a turn of the event loop: whatever comes in within one turn came before anything in it could be
 * answered, so looking again would see nothing that any of it depends on.
 */
export function onceATurn<T>(look: () => T): () => T {
  let seen: { readonly value: T } | undefined
  return () => {
    if (seen === undefined) {
      seen = { value: look() }
      setImmediate(() => {
        seen = undefined
      })
    }
    return seen.value
  }
}
