import { isNonce, newNonce, type ProofFacts, prove, proves } from './proof.ts'

/**
 * How a bridge and the app come to trust each other, one JSON line at a time, before the first MCP message:
 *
 *     bridge → {v, client, clientId?, nonce, pid, workspace?, server?, resume?}
 *     app    → {pairing, message}  then  {paired}         only for an unpaired name; the bridge then says hello again
 *     app    → {nonce, proof}                             the app proves first: a false app learns nothing
 *     bridge → {proof}
 *     app    → {welcome: {session, resumed}}              from here on the lines are MCP
 *
 * At any point the app may answer {refused} and close. The secret never travels; what a hello says of its sender is
 * worth nothing until the proof. Reading and writing lines, and their size, belong to the channel.
 */
export interface LineChannel {
  send(line: string): void
  /** The next line without its end. Rejects when the other side is gone. Lines are kept until asked for. */
  next(): Promise<string>
}

export const wireVersion = 1
/** Milliseconds each side waits for the other's next line. */
export const answerPatienceMs = 10_000
/** Milliseconds a bridge waits while the person is asked whether to pair. */
export const pairingPatienceMs = 10 * 60_000
const longestLine = 8192

export interface Hello {
  readonly v: number
  /** The name it asks to be known by (`--client NAME`). */
  readonly client: string
  readonly clientId?: string
  readonly nonce: string
  /** The bridge's own process id. Evidence only: the app looks for itself. */
  readonly pid: number
  readonly workspace?: string
  /** Show only this server, under its own names. */
  readonly server?: string
  /** The session to go on with after a reconnect. */
  readonly resume?: string
}

export interface Refusal {
  readonly code: string
  readonly params: Readonly<Record<string, string>>
  /** The sentence for the person. */
  readonly message: string
}

/** Why a handshake ended. `refusal` is set when the app said so itself. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError'
  constructor(
    readonly reason: 'refused' | 'app-unproven' | 'bridge-unproven' | 'malformed' | 'timeout' | 'version' | 'no-secret',
    message: string,
    readonly refusal?: Refusal,
  ) {
    super(message)
  }
}

export interface ClientSecret {
  readonly clientId: string
  readonly secret: Uint8Array
}

export interface ClientHandshake {
  readonly client: string
  readonly pid: number
  readonly workspace?: string
  readonly server?: string
  readonly resume?: string
  /** Reads `clients/NAME.json` in the data folder; asked again after pairing. */
  readonly secret: () => Promise<ClientSecret | undefined>
  /** The person is being asked; shown on stderr. */
  readonly onPairing?: (message: string) => void
}

export interface Welcome {
  readonly clientId: string
  readonly sessionId: string
  /** The session asked for goes on; else a new one began. */
  readonly resumed: boolean
}

/**
 * The bridge's half.
 * @throws HandshakeError
 */
export async function clientHandshake(channel: LineChannel, options: ClientHandshake): Promise<Welcome> {
  const known = await options.secret()
  let hello = sayHello(channel, options, known?.clientId)
  let answer = await answerOf(channel, answerPatienceMs)
  if (known) return proveTo(channel, hello, known, answer)
  if (answer.pairing !== true) throw malformed()
  options.onPairing?.(String(answer.message ?? ''))
  if (!isObject((await answerOf(channel, pairingPatienceMs)).paired)) throw malformed()
  const fresh = await options.secret()
  if (!fresh) throw new HandshakeError('no-secret', 'Paired, but the data folder holds no secret for this client name.')
  hello = sayHello(channel, options, fresh.clientId)
  answer = await answerOf(channel, answerPatienceMs)
  return proveTo(channel, hello, fresh, answer)
}

function sayHello(channel: LineChannel, options: ClientHandshake, clientId: string | undefined): Hello {
  const { client, pid, workspace, server, resume } = options
  const hello: Hello = {
    v: wireVersion,
    client,
    pid,
    nonce: newNonce(),
    ...(clientId ? { clientId } : {}),
    ...(workspace ? { workspace } : {}),
    ...(server ? { server } : {}),
    ...(resume ? { resume } : {}),
  }
  channel.send(JSON.stringify(hello))
  return hello
}

async function proveTo(channel: LineChannel, hello: Hello, known: ClientSecret, answer: Line): Promise<Welcome> {
  if (!isNonce(answer.nonce)) throw malformed()
  const facts = factsOf(hello, known.clientId, answer.nonce)
  if (!proves(known.secret, 'app', facts, answer.proof))
    throw new HandshakeError('app-unproven', 'What answers on the socket could not prove that it is Gatehouse.')
  channel.send(JSON.stringify({ proof: prove(known.secret, 'bridge', facts) }))
  const { welcome } = await answerOf(channel, pairingPatienceMs)
  if (!isObject(welcome) || typeof welcome.session !== 'string') throw malformed()
  return { clientId: known.clientId, sessionId: welcome.session, resumed: welcome.resumed === true }
}

export interface AppHandshake {
  /** @returns the client's secret. @throws what is known against it (unpaired, revoked, suspended) */
  readonly secretOf: (clientId: string) => Promise<Uint8Array> | Uint8Array
  /** Asks the person; resolves when the secret lies in the data folder. `signal` aborts when the bridge leaves. */
  readonly pair: (hello: Hello, signal: AbortSignal) => Promise<{ readonly clientId: string }>
  /** What the bridge shows while the person is asked. */
  readonly pairingMessage: (hello: Hello) => string
  /** The client proved itself: checks its program, opens or resumes its session. Throwing refuses it. */
  readonly admit: (proved: { readonly clientId: string; readonly hello: Hello }) => Promise<{
    readonly sessionId: string
    readonly resumed: boolean
  }>
  /** Error → what the bridge may be told. */
  readonly refusal: (error: unknown) => Refusal
}

export interface Proved {
  readonly clientId: string
  readonly sessionId: string
  readonly resumed: boolean
  readonly hello: Hello
}

/**
 * The app's half. Whatever goes wrong, the bridge is told by `{refused}` and the error is thrown on; the caller then
 * closes the connection.
 * @throws HandshakeError, and what the callbacks throw
 */
export async function appHandshake(channel: LineChannel, options: AppHandshake): Promise<Proved> {
  try {
    let hello = parseHello(await lineOf(channel.next(), answerPatienceMs))
    if (hello.clientId === undefined) {
      const { following } = await pairing(channel, options, hello)
      hello = parseHello(await lineOf(following, answerPatienceMs))
    }
    return await provenBy(channel, options, hello)
  } catch (error) {
    channel.send(JSON.stringify({ refused: options.refusal(error) }))
    throw error
  }
}

/** Listens while the person thinks, so that a bridge that leaves takes its question with it. */
async function pairing(
  channel: LineChannel,
  options: AppHandshake,
  hello: Hello,
): Promise<{ readonly following: Promise<string> }> {
  const gone = new AbortController()
  channel.send(JSON.stringify({ pairing: true, message: options.pairingMessage(hello) }))
  const following = channel.next()
  following.catch(() => gone.abort())
  const { clientId } = await options.pair(hello, gone.signal)
  channel.send(JSON.stringify({ paired: { clientId } }))
  return { following }
}

async function provenBy(channel: LineChannel, options: AppHandshake, hello: Hello): Promise<Proved> {
  const { clientId } = hello
  if (clientId === undefined) throw malformed()
  const secret = await options.secretOf(clientId)
  const facts = factsOf(hello, clientId, newNonce())
  channel.send(JSON.stringify({ nonce: facts.appNonce, proof: prove(secret, 'app', facts) }))
  const { proof } = await lineOf(channel.next(), answerPatienceMs)
  if (!proves(secret, 'bridge', facts, proof))
    throw new HandshakeError('bridge-unproven', 'The bridge could not prove that it is this client.')
  const { sessionId, resumed } = await options.admit({ clientId, hello })
  channel.send(JSON.stringify({ welcome: { session: sessionId, resumed } }))
  return { clientId, sessionId, resumed, hello }
}

type Line = Record<string, unknown>

const isObject = (value: unknown): value is Line => typeof value === 'object' && value !== null && !Array.isArray(value)
const malformed = () => new HandshakeError('malformed', 'The other side did not speak Gatehouse’s handshake.')

/** A line of the app; a refusal becomes an error here. */
async function answerOf(channel: LineChannel, patienceMs: number): Promise<Line> {
  const answer = await lineOf(channel.next(), patienceMs)
  if (!isObject(answer.refused)) return answer
  const { code, message, params } = answer.refused
  const refusal: Refusal = {
    code: String(code),
    message: String(message),
    params: isObject(params) ? (params as Record<string, string>) : {},
  }
  throw new HandshakeError('refused', refusal.message, refusal)
}

async function lineOf(next: Promise<string>, patienceMs: number): Promise<Line> {
  const text = await within(next, patienceMs)
  if (text.length > longestLine) throw malformed()
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed()
  }
  if (!isObject(value)) throw malformed()
  return value
}

async function within<T>(promise: Promise<T>, patienceMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HandshakeError('timeout', 'The other side did not answer.')), patienceMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function parseHello(line: Line): Hello {
  if (line.v !== wireVersion)
    throw new HandshakeError('version', 'Bridge and app are of different versions. Restart Gatehouse and the AI app.')
  if (!isNonce(line.nonce)) throw malformed()
  return {
    v: wireVersion,
    client: shortText(line.client),
    nonce: line.nonce,
    pid: typeof line.pid === 'number' && Number.isSafeInteger(line.pid) && line.pid > 0 ? line.pid : 0,
    ...optional('clientId', line.clientId),
    ...optional('workspace', line.workspace),
    ...optional('server', line.server),
    ...optional('resume', line.resume),
  }
}

function shortText(value: unknown): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 128) throw malformed()
  return value
}

function optional<K extends string>(key: K, value: unknown): { [k in K]?: string } {
  return (value === undefined ? {} : { [key]: shortText(value) }) as { [k in K]?: string }
}

function factsOf(hello: Hello, clientId: string, appNonce: string): ProofFacts {
  const { nonce: bridgeNonce, workspace, server, resume } = hello
  return {
    clientId,
    bridgeNonce,
    appNonce,
    ...(workspace === undefined ? {} : { workspace }),
    ...(server === undefined ? {} : { server }),
    ...(resume === undefined ? {} : { resume }),
  }
}
