/** Records are decrypted and searched one by one: milliseconds of work before others get their turn. */
const turnMs = 10
const recordsATurn = 100

/** Every record of a table that is read a page at a time. */
export async function* paged<T>(
  page: (after: number, limit: number) => { readonly records: readonly T[]; readonly next?: number },
  signal?: AbortSignal,
): AsyncGenerator<T> {
  let turnEnds = performance.now() + turnMs
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { records, next } = page(after, recordsATurn)
    for (const record of records) {
      yield record
      if (performance.now() < turnEnds) continue
      await new Promise(setImmediate)
      signal?.throwIfAborted()
      turnEnds = performance.now() + turnMs
    }
    after = next
  }
}
