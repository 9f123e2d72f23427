import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { roughSize } from '../../shared/domain/rough-size.ts'

/** Enough to tell prose from something encoded; what follows is rarely of another kind. */
const mostCharacters = 16_384
/** Of these so many are counted, spread over all of them: the rest adds a tenth of a bit, and a bit to scripts of thousands of letters. */
const counted = 512

/** What an answer adds to how its server usually behaves. */
export const answerFigures = (result: Json) => ({
  resultBytes: roughSize(result),
  resultEntropy: entropyOfText(textsOf(result)),
})

const latin = new Uint32Array(256)

/** Bits a character: 0 for one letter over and over, 4 to 5 for prose and code, 6 for base64, more for other scripts. */
export function entropyOfText(text: string): number {
  const upTo = Math.min(text.length, mostCharacters)
  const step = Math.ceil(upTo / counted)
  let length = 0
  let others: Map<number, number> | undefined
  for (let at = 0; at < upTo; at += step) {
    length += 1
    const code = text.charCodeAt(at)
    if (code < latin.length) latin[code] = (latin[code] as number) + 1
    else {
      others ??= new Map()
      others.set(code, (others.get(code) ?? 0) + 1)
    }
  }
  let weighted =
    others === undefined ? 0 : [...others.values()].reduce((sum, count) => sum + count * Math.log2(count), 0)
  for (let code = 0; code < latin.length; code++) {
    const count = latin[code] as number
    if (count > 1) weighted += count * Math.log2(count)
    latin[code] = 0
  }
  return length === 0 ? 0 : Math.log2(length) - weighted / length // Shannon's sum, counts put together first
}

/** The texts of a tool's answer; pictures and sound are encoded in any case. */
export function textsOf(result: Json): string {
  const content = (result as JsonObject | null)?.content
  if (!Array.isArray(content)) return ''
  let text = ''
  for (const part of content as readonly JsonObject[]) {
    if (part?.type === 'text' && typeof part.text === 'string') text += part.text
    if (text.length >= mostCharacters) break
  }
  return text
}
