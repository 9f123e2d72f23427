import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { clientFilePath, readClientFile } from '../../shared/wire/client-file.ts'
import { LineSplitter } from '../../shared/wire/framing.ts'
import { clientHandshake, type LineChannel, type Welcome } from '../../shared/wire/hello.ts'
import { socketPath } from '../../shared/wire/places.ts'
import type { BridgeOptions } from './options.ts'

/** What answers of the app may weigh: its results are capped by the app itself, not here. */
const longestAnswerBytes = 256 * 1024 * 1024

/** A proved connection to the app. */
export interface AppLink {
  readonly welcome: Welcome
  readonly socket: Socket
  /** From here on every line goes there; those already here come first. */
  listen(onLine: (line: Buffer) => void): void
}

/**
 * Connects and proves this client.
 * @param onPairing the person is being asked; told what they see
 * @throws Error with `code` ENOENT or ECONNREFUSED when no app listens; HandshakeError
 */
export async function linkToApp(
  options: BridgeOptions,
  resume: string | undefined,
  onPairing: (message: string) => void,
): Promise<AppLink> {
  const socket = await connected(socketPath(options.home, join(options.home, 'run'), process.env))
  const lines = new Lines(socket)
  try {
    socket.write('{"gatehouse":"bridge"}\n')
    const { client, workspace, server } = options
    const welcome = await clientHandshake(lines, {
      client,
      pid: process.pid,
      secret: () => readClientFile(clientFilePath(join(options.home, 'clients'), client)),
      onPairing,
      ...(workspace ? { workspace } : {}),
      ...(server ? { server } : {}),
      ...(resume ? { resume } : {}),
    })
    return { welcome, socket, listen: (onLine) => lines.listen(onLine) }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => socket.destroy())
      resolve(socket)
    })
  })
}

/** The handshake's lines, one asked for at a time; then a stream of them. */
class Lines implements LineChannel {
  readonly #kept: Buffer[] = []
  #asked: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined
  #listener: ((line: Buffer) => void) | undefined

  constructor(private readonly socket: Socket) {
    const splitter = new LineSplitter(
      { line: (line) => this.#line(line), tooLong: () => socket.destroy() },
      longestAnswerBytes,
    )
    socket.on('data', (chunk) => splitter.push(chunk as Buffer))
    socket.once('close', () => this.#asked?.reject(new Error('Gatehouse closed the connection')))
  }

  send(line: string): void {
    this.socket.write(`${line}\n`)
  }

  next(): Promise<string> {
    const kept = this.#kept.shift()
    if (kept) return Promise.resolve(kept.toString('utf8'))
    if (this.socket.destroyed) return Promise.reject(new Error('Gatehouse closed the connection'))
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject }
    })
  }

  listen(onLine: (line: Buffer) => void): void {
    this.#listener = onLine
    for (const line of this.#kept.splice(0)) onLine(line)
  }

  #line(line: Buffer): void {
    const asked = this.#asked
    this.#asked = undefined
    if (this.#listener) this.#listener(line)
    else if (asked) asked.resolve(line.toString('utf8'))
    else this.#kept.push(Buffer.from(line))
  }
}
