import { openSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { ReadStream } from 'node:tty'
import { WrongUsage } from './failures.ts'

/** The process's streams and environment; tests bring their own. */
export interface Surroundings {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  readonly env: NodeJS.ProcessEnv
  readonly workingFolder: string
  isTerminal(stream: NodeJS.ReadableStream | NodeJS.WritableStream): boolean
}

export const ownSurroundings = (): Surroundings => ({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  workingFolder: process.cwd(),
  isTerminal: (stream) => (stream as { isTTY?: boolean }).isTTY === true,
})

const endsLine = (character: string) => '\r\n\u0004'.includes(character)
const interrupt = '\u0003'
const erases = (character: string) => '\b\u007f'.includes(character)

/** Asks the person at the keyboard. */
export class Terminal {
  constructor(readonly surroundings: Surroundings) {}

  /** Whether a person can be asked. */
  get canAsk(): boolean {
    const { stdin, stderr, isTerminal } = this.surroundings
    return isTerminal(stderr) && (isTerminal(stdin) || process.platform !== 'win32')
  }

  /** A secret, not shown while typed; from the terminal also where stdin is a pipe. */
  hidden(prompt: string): Promise<string> {
    return this.#typed(prompt, () => undefined)
  }

  /** A line, shown while typed. */
  asked(prompt: string): Promise<string> {
    return this.#typed(prompt, (character) => this.surroundings.stderr.write(character))
  }

  async #typed(prompt: string, echo: (character: string) => void): Promise<string> {
    const keyboard = this.#keyboard()
    keyboard.setRawMode(true) // before the prompt, so that nothing typed after it is echoed
    try {
      this.surroundings.stderr.write(prompt)
      return await typedLine(keyboard, echo)
    } finally {
      keyboard.setRawMode(false)
      keyboard.pause()
      if (keyboard !== this.surroundings.stdin) keyboard.destroy()
      this.surroundings.stderr.write('\n')
    }
  }

  /** @returns false for anything but a yes, and where nobody can be asked */
  async agrees(question: string): Promise<boolean> {
    if (!this.canAsk) return false
    const answer = await this.#typed(`${question} [y/N] `, (character) => this.surroundings.stderr.write(character))
    return /^y(es)?$/i.test(answer.trim())
  }

  /** A secret from a pipe (all of it, without the last line end) or from the keyboard. */
  async secret(prompt: string): Promise<string> {
    const { stdin, isTerminal } = this.surroundings
    const given = isTerminal(stdin) ? await this.hidden(prompt) : (await text(stdin)).replace(/\r?\n$/, '')
    if (!given) throw new WrongUsage('Nothing was given.')
    return given
  }

  /** All of stdin, as it is; typed at a terminal it ends with Ctrl+D. */
  text(): Promise<string> {
    return text(this.surroundings.stdin)
  }

  #keyboard(): ReadStream {
    const { stdin, isTerminal } = this.surroundings
    return isTerminal(stdin) ? (stdin as ReadStream) : new ReadStream(openSync('/dev/tty', 'r+'))
  }
}

function typedLine(keyboard: ReadStream, echo: (character: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = ''
    const finish = (then: () => void) => {
      keyboard.off('data', listen)
      then()
    }
    const listen = (chunk: Buffer | string) => {
      for (const character of String(chunk)) {
        if (endsLine(character)) return finish(() => resolve(typed))
        if (character === interrupt) return finish(() => reject(new WrongUsage('Interrupted.')))
        echo(character)
        typed = erases(character) ? typed.slice(0, -1) : typed + character
      }
    }
    keyboard.on('data', listen)
    keyboard.resume()
  })
}
