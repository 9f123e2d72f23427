import type { Finding } from '../../../shared/domain/finding.ts'
import { excerpt, type PlacedText } from './texts.ts'

const orders =
  /\b(?:must|always|never|instead of|rather than|do not use|don['’]t use|before (?:using|calling)|whenever|required? to|replaces|overrides?)\b/iu

/**
 * A text that names another server's tool and says how it is to be used: shadowing.
 * @param others names of other servers' tools, none of which this server has itself
 */
export function steeredTools({ place, text }: PlacedText, others: ReadonlySet<string>): Finding[] {
  if (others.size === 0) return []
  for (const sentence of text.split(/(?<=[.!?\n])\s+/u)) {
    const named = (sentence.match(/[\p{L}\p{N}_-]+/gu) ?? []).find((word) => others.has(word))
    if (named === undefined || !orders.test(sentence)) continue
    return [{ place, rule: 'steers-other-tool', severity: 'high', detail: `${named}: ${excerpt(sentence, 0, 120)}` }]
  }
  return []
}
