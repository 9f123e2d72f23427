/**
 * Files in each private home that look like keys and are none. Nothing ordinary opens them: a server that does is
 * looking for secrets. Their words stand nowhere else, so one that shows up in what a server says, or in what is sent to
 * another, was read and carried on.
 *
 * It only notices. What follows is `anomalies/`' business.
 */
import type { ServerName } from '../../../shared/domain/ids.ts'
import { DecoyHome } from './decoy-home.ts'
import type { DecoyKind, DecoySeverity } from './decoy-kinds.ts'
import { formsOf } from './word-forms.ts'

/** What a server did with a decoy. */
export interface DecoyTouch {
  /** Whose decoy it is. */
  readonly server: ServerName
  /** e.g. “an SSH key” */
  readonly what: string
  /** Below its private home. */
  readonly path: string
  readonly how: 'read' | 'changed' | 'removed' | 'carried on'
  readonly severity: DecoySeverity | 'critical'
}

const markLetters = 8

export class Decoys {
  readonly #homes = new Map<string, DecoyHome>()
  readonly #words = new Map<string, { readonly server: ServerName; readonly kind: DecoyKind }>()
  readonly #mark: string
  readonly #marks: readonly string[]

  /** @param secret a long unguessable text about anything, always the same for the same words */
  constructor(private readonly secret: (about: string) => string) {
    this.#mark = letters(secret('mark')).slice(0, markLetters)
    this.#marks = formsOf(this.#mark)
  }

  /** @param home a private one, which exists */
  in(home: string, server: ServerName): DecoyHome {
    const found = this.#homes.get(home) ?? new DecoyHome(home, (kind) => this.#wordOf(server, kind))
    this.#homes.set(home, found)
    return found
  }

  /** A home that is gone. */
  forget = (home: string): boolean => this.#homes.delete(home)

  touch = (server: ServerName, kind: DecoyKind, how: DecoyTouch['how']): DecoyTouch => ({
    server,
    what: kind.name,
    path: kind.path,
    how,
    severity: how === 'carried on' ? 'critical' : kind.severity,
  })

  /** Decoys whose words stand in a text, as they are or in base64 or hexadecimal. Cheap where none does. */
  carriedIn(text: string): DecoyTouch[] {
    if (!this.#marks.some((mark) => text.includes(mark))) return []
    return [...this.#words]
      .filter(([word]) => formsOf(word).some((form) => text.includes(form)))
      .map(([, { server, kind }]) => this.touch(server, kind, 'carried on'))
  }

  #wordOf(server: ServerName, kind: DecoyKind): string {
    const word = this.#mark + letters(this.secret(`${server}\n${kind.path}`)).slice(0, markLetters)
    this.#words.set(word, { server, kind })
    return word
  }
}

/** Capital letters and digits, as they stand in keys. */
const letters = (text: string): string => text.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
