import { createHash } from 'node:crypto'

/** What can be given to a share of the AI apps before all get it. */
export type RolledOut = 'tool-search'

/**
 * Whether an app is among the first to get something: always the same answer for the same app, whatever else is rolled out,
 * and whoever is in at one share is in at every larger one.
 *
 * @param percent 0 to 100
 */
export function isRolledOut(what: RolledOut, app: string, percent: number): boolean {
  if (percent <= 0) return false
  const place = createHash('sha256')
    .update(`${what}\n${app.normalize('NFC').toLowerCase()}`)
    .digest()
    .readUInt32BE()
  return place % 100 < percent
}
