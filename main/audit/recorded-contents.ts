import type { Json, JsonObject } from '../../shared/domain/json.ts'
import type { FieldCipher } from '../store/data-keys.ts'
import type { AuditIndex } from './audit-index.ts'
import { type ContentField, openContents } from './contents.ts'
import type { ReadLine } from './entry.ts'
import type { Journal, Place } from './journal.ts'

export type OpenedContents = Partial<Record<ContentField, Json>>

/** Opens what entries keep encrypted. Whoever asks for it is recorded by the log itself. */
export class RecordedContents {
  constructor(
    private readonly journal: Journal,
    private readonly index: AuditIndex,
    private readonly cipher: FieldCipher,
  ) {}

  /** A call with an effect has its arguments in the entry written before it. @throws Error when they were changed */
  of(line: ReadLine): OpenedContents {
    const { intent } = line.entry
    const place = intent === undefined ? undefined : this.index.place(intent)
    return { ...(place && this.#opened(this.journal.read(place))), ...this.#opened(line) }
  }

  /** The arguments of a call; undefined when they cannot be read, or were cut. */
  wholeArguments(place: Place): JsonObject | undefined {
    try {
      const { arguments: args } = this.of(this.journal.read(place))
      const whole = typeof args === 'object' && args !== null && !Array.isArray(args) && !('truncated' in args)
      return whole ? (args as JsonObject) : undefined
    } catch {
      return undefined
    }
  }

  #opened({ entry, boxes }: ReadLine): OpenedContents {
    const contents: OpenedContents = {}
    for (const [field, { text, isWhole, sizeBytes }] of Object.entries(openContents(entry, boxes, this.cipher)))
      contents[field as ContentField] = isWhole
        ? (JSON.parse(text) as Json)
        : { truncated: true, beginning: text, sizeBytes }
    return contents
  }
}
