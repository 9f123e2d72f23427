import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface BearerRelay {
  /** The address that stands for `target`, API key included. */
  readonly url: string
  close(): Promise<void>
}

/** Adds an API key to every request, for tools that cannot send one. Host and Origin stay as the tool wrote them but for the port. */
export async function bearerRelay(target: string, bearer: string): Promise<BearerRelay> {
  const { hostname, port, pathname } = new URL(target)
  const server = createServer((incoming, outgoing) => {
    const own = String((server.address() as AddressInfo).port)
    const local = (value: string | undefined) => value?.replace(new RegExp(`:${own}$`), `:${port}`)
    const { host, origin, ...others } = incoming.headers
    const headers = {
      ...others,
      authorization: `Bearer ${bearer}`,
      ...(host === undefined ? {} : { host: local(host) as string }),
      ...(origin === undefined ? {} : { origin: local(origin) as string }),
    }
    const onward = forward(
      { hostname, port, path: pathname, method: incoming.method, headers, setHost: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        outgoing.flushHeaders()
        answer.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
