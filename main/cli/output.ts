import { styleText } from 'node:util'
import type { Failure } from './failures.ts'
import type { Surroundings } from './terminal.ts'

export type Style = 'plain' | 'bold' | 'dim' | 'red' | 'yellow' | 'green'
export interface Cell {
  readonly text: string
  readonly style: Style
}

/** What can move the cursor, hide or reorder text: a server's words must not draw on the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** The text with everything a terminal would act on written out. */
export const visible = (text: string): string =>
  text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** What a verb says: for people, or with --json one document on stdout and the text for people on stderr. */
export class Output {
  readonly #io: Surroundings
  readonly #json: boolean
  #shownTenth: number | undefined

  constructor(io: Surroundings, json: boolean) {
    this.#io = io
    this.#json = json
  }

  get isJson(): boolean {
    return this.#json
  }

  /** The verb's answer: the document, or what `show` prints of it. */
  result(value: unknown, show: () => void): void {
    if (this.#json) this.#io.stdout.write(`${JSON.stringify(value ?? {}, undefined, 2)}\n`)
    else show()
  }

  /** One document a line, for verbs that go on. */
  streamed(value: unknown, show: () => void): void {
    if (this.#json) this.#io.stdout.write(`${JSON.stringify(value)}\n`)
    else show()
  }

  /** A line of text for people. */
  line(text = '', style: Style = 'plain'): void {
    const stream = this.#json ? this.#io.stderr : this.#io.stdout
    stream.write(`${this.#styled(visible(text), style, stream)}\n`)
  }

  /** Raw text that is the answer itself: an export, a token. */
  raw(text: string): void {
    this.#io.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** What goes on meanwhile; never part of the answer. */
  note(text: string): void {
    this.#io.stderr.write(`${visible(text)}\n`)
  }

  /**
   * How far something is, in one line that is written over; where nothing can be written over, a line for every tenth.
   * Without a text the line goes.
   */
  progress(text?: string, percent = 0): void {
    const { stderr } = this.#io
    if (this.#io.isTerminal(stderr)) {
      if (text !== undefined || this.#shownTenth !== undefined) stderr.write(`\r\u001b[2K${visible(text ?? '')}`)
    } else if (text !== undefined && this.#shownTenth !== Math.floor(percent / 10)) this.note(text)
    this.#shownTenth = text === undefined ? undefined : Math.floor(percent / 10)
  }

  failed({ code, sentence }: Failure): void {
    if (this.#json) this.#io.stdout.write(`${JSON.stringify({ error: { code, message: sentence } })}\n`)
    this.note(sentence)
  }

  /** Aligned columns; the last one is as long as it is. */
  table(heads: readonly string[], rows: readonly (readonly (string | Cell)[])[]): void {
    const cells = rows.map((row) => row.map(toCell))
    const widths = heads.map((head, column) =>
      Math.max(head.length, ...cells.map((row) => row[column]?.text.length ?? 0)),
    )
    const stream = this.#json ? this.#io.stderr : this.#io.stdout
    const write = (row: readonly Cell[]) => {
      const padded = row.map(({ text, style }, column) =>
        this.#styled(column === row.length - 1 ? text : text.padEnd(widths[column] ?? 0), style, stream),
      )
      stream.write(`${padded.join('  ')}\n`)
    }
    write(heads.map((text) => ({ text, style: 'dim' as const })))
    for (const row of cells) write(row)
  }

  #styled(text: string, style: Style, stream: NodeJS.WritableStream): string {
    const coloured = style !== 'plain' && this.#io.isTerminal(stream) && !this.#io.env.NO_COLOR
    return coloured ? styleText(style, text, { validateStream: false }) : text
  }
}

function toCell(cell: string | Cell): Cell {
  const { text, style } = typeof cell === 'string' ? { text: cell, style: 'plain' as const } : cell
  return { text: visible(text).replace(/[\n\t]/g, ' '), style }
}
