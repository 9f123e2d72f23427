import { createHmac } from 'node:crypto'
import type { JudgedCall } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { EntryName, Sha256 } from '../../shared/domain/ids.ts'

/** Of one call. */
const mostValues = 12
/** A name of something: one line of letters, digits and what names are written with; no `*`, which a rule reads as any text. */
const named = /^[\p{L}\p{N}@#][\p{L}\p{N} ._/:@#+-]{0,99}$/u
const mostWords = 4
const secretKey = /pass|secret|token|key|auth|cred|pin|otp|cookie|session/i

/** By JSON pointer: the texts among a call's arguments that name something, such as a repository or a table. */
export type NamedValues = Readonly<Record<string, string>>

/**
 * What answers may have in common beside folders and hosts. Nothing of a call that names a file, an address or a command
 * (a command's first words say nothing of what follows them), in which filters found something, or that answers a server's
 * question; and never a secret.
 */
export function namedValues(call: Pick<JudgedCall, 'arguments' | 'paths' | 'urls' | 'commands' | 'labels' | 'extra'>) {
  const { paths, urls, commands, labels = [], extra } = call
  if (paths.length + urls.length + commands.length + labels.length > 0 || extra !== undefined) return {}
  const found = Object.entries(call.arguments).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && isName(entry[1]) && !secretKey.test(entry[0]),
  )
  if (found.length > mostValues) return {}
  const pointer = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return Object.fromEntries(found.map(([key, value]) => [pointer(key), value])) satisfies NamedValues
}

/** Composed, so that what looks the same is the same. */
const isName = (text: string): boolean =>
  named.test(text) && text === text.normalize('NFC') && text.trim() === text && text.split(' ').length <= mostWords

/** Under which place answers about this value are counted: a keyed hash, so that the count tells nothing of the value. */
export const markedValue =
  (key: Buffer) =>
  (entry: EntryName, pin: Sha256, pointer: string, value: string): string =>
    `${markPrefix}${createHmac('sha256', key)
      .update(canonicalJson([entry, pin, pointer, value]))
      .digest('hex')
      .slice(0, 32)}`
export type MarkValue = ReturnType<typeof markedValue>

const markPrefix = 'value:'
export const isMark = (place: string): boolean => place.startsWith(markPrefix)
