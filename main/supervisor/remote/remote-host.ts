import { X509Certificate } from 'node:crypto'
import type { Authorize, RemoteOrigin } from '../../../shared/domain/remote.ts'
import type { Outgoing } from '../connection.ts'
import { remoteAddress } from './address.ts'
import { OldSse } from './old-sse.ts'
import { RemoteHttp, type RemoteLimits } from './remote-http.ts'
import type { LinkEvents, RemoteLink } from './remote-link.ts'
import { problemOf, RemoteProblem } from './remote-problem.ts'
import { StreamableHttp } from './streamable-http.ts'
import { WebSocketLink } from './websocket.ts'

export interface RemoteOptions {
  readonly origin: RemoteOrigin
  /** Values of the secrets its headers and its client certificate name. */
  readonly secrets: Readonly<Record<string, string>>
  readonly authorize?: Authorize
  readonly limits?: Partial<RemoteLimits>
}

/**
 * Opens the conversation with a remote server. Streamable HTTP connects with the first message.
 * @throws RemoteProblem; input.invalid for an address that is none
 */
export async function openRemote(options: RemoteOptions, events: LinkEvents): Promise<RemoteLink> {
  const { origin } = options
  const http = httpFor(options)
  switch (origin.transport) {
    case 'websocket':
      return opened(new WebSocketLink(http, events), http)
    case 'sse':
      return opened(new OldSse(http, events), http)
    case 'http':
      return new StreamableHttp(http, events)
    case 'detect':
      if (http.url.protocol.startsWith('ws')) return opened(new WebSocketLink(http, events), http)
      return new Detected(options, events)
  }
}

async function opened<T extends RemoteLink & { open(): Promise<void> }>(link: T, http: RemoteHttp): Promise<T> {
  try {
    await link.open()
    return link
  } catch (error) {
    http.close()
    throw problemOf(error)
  }
}

function httpFor({ origin, secrets, authorize, limits }: RemoteOptions): RemoteHttp {
  const { authorities, pin, tls12, client } = origin.tls ?? {}
  const key = client && secrets[client.keySecret]
  if (client) mustBeInDate(client.certificate)
  return new RemoteHttp({
    address: remoteAddress(origin.url, origin.privateNetwork),
    headers: Object.fromEntries(
      origin.headers.map(({ name, scheme, secret }) => [
        name.toLowerCase(),
        scheme === undefined ? headerText(secret, secrets) : `${scheme} ${headerText(secret, secrets)}`,
      ]),
    ),
    tls: {
      ...(authorities === undefined ? {} : { authorities }),
      ...(pin === undefined ? {} : { pin }),
      ...(tls12 ? { tls12 } : {}),
      ...(client && key !== undefined ? { certificate: client.certificate, key } : {}),
    },
    ...(authorize === undefined ? {} : { authorize }),
    ...(limits === undefined ? {} : { limits }),
  })
}

/** A server only breaks the connection off when it is shown one that is not. @throws RemoteProblem */
function mustBeInDate(certificate: string): void {
  const { validFrom, validTo } = new X509Certificate(certificate)
  const now = Date.now()
  if (now >= Date.parse(validTo))
    throw new RemoteProblem(
      `the client certificate you set for it is out of date since ${validTo}. Set a new one, with: gatehouse servers set NAME --tls-cert FILE --tls-key FILE`,
    )
  if (now < Date.parse(validFrom))
    throw new RemoteProblem(
      `the client certificate you set for it holds from ${validFrom} on only. Is your clock right?`,
    )
}

/** A value no header can carry would show in Node's error about it. @throws RemoteProblem without it */
function headerText(name: string, secrets: Readonly<Record<string, string>>): string {
  const text = secrets[name]?.trim()
  if (!text) throw new RemoteProblem(`its secret ${name} is not set. Set it with: gatehouse secrets set.`)
  if (/^[\x20-\x7e]+$/.test(text)) return text
  throw new RemoteProblem('one of its secrets holds characters no header can carry. Set it again.')
}

/** Streamable HTTP until the server refuses to begin that way; then HTTP+SSE. @see MCP 2025-11-25, “Backwards Compatibility” */
class Detected implements RemoteLink {
  #link: RemoteLink
  #initialize: { readonly line: string; readonly about: Outgoing } | undefined
  #stopped = false

  constructor(
    private readonly options: RemoteOptions,
    private readonly events: LinkEvents,
  ) {
    this.#link = new StreamableHttp(httpFor(options), {
      message: (value) => events.message(value),
      garbage: (text) => events.garbage(text),
      note: (text) => events.note(text),
      failed: (id, problem) => {
        if (id === this.#initialize?.about.id && meansOlder(problem)) void this.#older(id, problem)
        else events.failed(id, problem)
      },
      ended: (problem) => events.ended(problem),
    })
  }

  send(line: string, about: Outgoing): void {
    if (about.method === 'initialize') this.#initialize = { line, about }
    this.#link.send(line, about)
  }

  kill(problem: string): void {
    this.#stopped = true
    this.#link.kill(problem)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#link.stop()
  }

  async #older(id: string | number, first: RemoteProblem): Promise<void> {
    try {
      const http = httpFor(this.options)
      const link = await opened(new OldSse(http, this.events), http)
      if (this.#stopped) return link.kill('it was stopped.')
      this.#link = link
      const { line, about } = this.#initialize as { line: string; about: Outgoing }
      link.send(line, about)
    } catch (error) {
      const second = problemOf(error)
      this.events.failed(id, second.status === undefined ? second : first)
    }
  }
}

const meansOlder = ({ status }: RemoteProblem) => status === 400 || status === 404 || status === 405 || status === 406
