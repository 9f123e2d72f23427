import type { Privacy } from '../../privacy/privacy.ts'

/** A piece is about so long. */
const pieceChars = 1_000_000
const version = 1

/**
 * What is held of a person as a JSON document, a piece at a time: `{"format", "version", "request", "madeAt", "items": […]}`,
 * each item `{"store", "where", "at"?, "excerpt", "data"?}`. The pieces one after another are the document.
 *
 * @param from the number of the first item of this piece
 * @throws input.invalid when what the request found is not at hand any more
 */
export function documentPiece(
  privacy: Privacy,
  request: string,
  called: string,
  from: number,
): { text: string; next?: number } {
  const head = { format: 'gatehouse-personal-data', version, request, called, madeAt: new Date().toISOString() }
  let text = from === 0 ? `${JSON.stringify(head).slice(0, -1)},"items":[` : ''
  let number = 0
  for (const { store, item, data } of privacy.dataOf(request, from)) {
    if (text.length > pieceChars) return { text, next: from + number }
    const { where, at, excerpt } = item
    const shown = {
      store,
      where,
      ...(at === undefined ? {} : { at }),
      excerpt,
      ...(data === undefined ? {} : { data }),
    }
    text += `${from + number > 0 ? ',' : ''}\n${JSON.stringify(shown)}`
    number += 1
  }
  return { text: `${text}\n]}\n` }
}
