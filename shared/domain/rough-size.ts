import type { Json } from './json.ts'

const most = 100_000

/**
 * About how many bytes a value takes as JSON: characters of its strings and names, a few for everything else. Enough for
 * counting, without writing the text. Beyond 100 000 parts the rest counts by the average.
 */
export function roughSize(value: Json | undefined): number {
  let bytes = 0
  let parts = 0
  const left: (Json | undefined)[] = [value]
  for (let one = left.pop(); one !== undefined || left.length > 0; one = left.pop()) {
    if (++parts > most) return Math.round((bytes / parts) * (parts + left.length))
    if (typeof one === 'string') bytes += one.length + 2
    else if (typeof one !== 'object' || one === null) bytes += 5
    else if (Array.isArray(one)) for (const part of one) left.push(part)
    else
      for (const name in one) {
        bytes += name.length + 4
        left.push((one as Record<string, Json>)[name])
      }
  }
  return bytes
}
