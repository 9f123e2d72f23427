import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { filterBlocked } from '../../shared/errors.ts'
import type { CallFilter, ReplyFilter } from './filter.ts'
import type { FilterCounts } from './filter-counts.ts'
import { bytewise, SecretScanner, spellings } from './secret-scanner.ts'

interface Scanners {
  readonly values: readonly string[]
  readonly text: SecretScanner
  /** For decoded bytes, read as Latin-1. */
  readonly bytes: SecretScanner
}

/**
 * Values Gatehouse keeps in the keychain. In arguments they block the call: a server gets its own secrets from its
 * environment, so one in an argument is on its way to somewhere else. In answers they are removed.
 */
export class KnownSecrets {
  #scanners: Scanners | undefined

  constructor(
    private readonly knownValues: () => readonly string[],
    private readonly counts: FilterCounts,
  ) {}

  readonly blocking: CallFilter = {
    name: 'known secrets',
    inspect: ({ entry, arguments: args }) => {
      const scanners = this.#current()
      if (scanners === undefined || !holdsSecret(args, scanners.text)) return {}
      this.counts.add('known-secrets', 'call', 'block')
      throw filterBlocked(entry.name, 'known secrets', 'the arguments contain a secret that is kept in Gatehouse')
    },
  }

  readonly redacting: ReplyFilter = {
    name: 'known secrets',
    apply: ({ reply }) => {
      const scanners = this.#current()
      if (scanners === undefined) return undefined
      const clean = redactedReply(reply, scanners)
      if (clean === reply) return undefined
      this.counts.add('known-secrets', 'reply', 'redact')
      return { reply: clean, labels: ['secret-removed'] }
    },
  }

  #current(): Scanners | undefined {
    const values = this.knownValues()
    if (values.length === 0) return undefined
    if (this.#scanners === undefined || !sameTexts(values, this.#scanners.values)) {
      const texts = values.flatMap(spellings)
      this.#scanners = {
        values: [...values],
        text: new SecretScanner(texts),
        bytes: new SecretScanner(texts.map(bytewise)),
      }
    }
    return this.#scanners
  }
}

const sameTexts = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value, index) => value === b[index])

/** A short number holds a short secret by chance. */
const isSecretNumber = (value: number, scanner: SecretScanner) =>
  (value >= 1e6 || value <= -1e6) && scanner.finds(String(value))

function holdsSecret(value: Json, scanner: SecretScanner): boolean {
  if (typeof value === 'string') return scanner.finds(value)
  if (typeof value === 'number') return isSecretNumber(value, scanner)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, scanner))
  return Object.entries(value).some(([key, item]) => scanner.finds(key) || holdsSecret(item, scanner))
}

function redactedReply(reply: Reply, scanners: Scanners): Reply {
  if (reply.kind === 'error') {
    const error = redacted(reply.error as unknown as Json, scanners)
    return error === reply.error ? reply : { kind: 'error', error: error as unknown as typeof reply.error }
  }
  const result = redacted(reply.result, scanners)
  return result === reply.result ? reply : { kind: 'result', result: result as JsonObject }
}

/** @returns the very same value when nothing in it was a secret */
function redacted(value: Json, scanners: Scanners, key = ''): Json {
  if (typeof value === 'string')
    return key === 'blob' || key === 'data' ? redactedBlob(value, scanners) : scanners.text.redact(value)
  if (typeof value === 'number') return isSecretNumber(value, scanners.text) ? 0 : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => redacted(item, scanners))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const entries = Object.entries(value)
  const clean = entries.map(([name, item]) => [scanners.text.redact(name), redacted(item, scanners, name)] as const)
  const same = clean.every(([name, item], index) => name === entries[index]?.[0] && item === entries[index]?.[1])
  return same ? value : Object.fromEntries(clean)
}

/** Base64 stays base64: a secret is removed from the bytes, which are then encoded again. */
function redactedBlob(value: string, scanners: Scanners): string {
  const bytes = Buffer.from(value, 'base64').toString('latin1')
  const clean = scanners.bytes.redact(bytes)
  return clean === bytes ? scanners.text.redact(value) : Buffer.from(clean, 'latin1').toString('base64')
}
