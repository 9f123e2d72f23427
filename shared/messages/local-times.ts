/** How sentences of grants write a moment (permissions/sentences.ts): stored, hence the same wherever it is read. */
const storedMoment = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\b/g

/** A stored sentence as a person reads it here: each moment in UTC becomes what `local` says of it. */
export function withLocalTimes(sentence: string, local: (atMs: number) => string): string {
  return sentence.replace(storedMoment, (written, day: string, minute: string) => {
    const atMs = Date.parse(`${day}T${minute}:00Z`)
    return Number.isNaN(atMs) ? written : local(atMs)
  })
}
