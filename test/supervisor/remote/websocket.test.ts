import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { DpopSession, generateDpopKeyPair } from '@modelcontextprotocol/client'
import { afterEach, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { aSupervisor, textOf } from '../../support/a-supervisor.ts'
import { ProofOfPossession } from '../../support/proof-of-possession.ts'
import { anAuthority } from '../../support/remote-servers/certificates.ts'
import { type SocketServer, socketServer } from '../../support/remote-servers/socket-server.ts'

let gatehouse: ReturnType<typeof aSupervisor>
let server: SocketServer
afterEach(async () => {
  await gatehouse.end()
  await server.close()
})

const limits = { remote: { quietMs: 60, longestMessage: 1024 * 1024 } }
const done = (socket: WebSocket, id: number) =>
  socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'done' }] } }))

it('carries calls over one socket, with the person’s header, and closes it in the end', async () => {
  server = await socketServer(done)
  gatehouse = aSupervisor({ limits, secrets: { KEY: 'planted-secret' } })
  await gatehouse.addRemote('far', server.url, { headers: [{ name: 'x-key', secret: 'KEY' }] })
  expect(textOf(await gatehouse.call('far__do'))).toBe('done')
  expect(textOf(await gatehouse.call('far__do'))).toBe('done')
  expect(server.upgrades.map((headers) => headers['x-key'])).toEqual(['planted-secret', 'planted-secret'])
  await gatehouse.supervisor.stopAll()
  expect(server.open.size).toBe(0)
})

it('counts a connection as dead after two silent intervals, and opens another for the next call', async () => {
  server = await socketServer(done)
  gatehouse = aSupervisor({ limits })
  await gatehouse.addRemote('far', server.url)
  await gatehouse.call('far__do')
  for (const socket of server.open) (socket as unknown as { _socket: { pause(): void } })._socket.pause()
  await expect.poll(() => gatehouse.administration.list()[0]?.problem).toContain('stopped answering')
  expect(textOf(await gatehouse.call('far__do'))).toBe('done')
})

it('checks certificate and pin of wss, also before the first word', async () => {
  const authority = anAuthority()
  const good = authority.issue('localhost')
  const other = authority.issue('localhost')
  server = await socketServer(done, () => true, good)
  gatehouse = aSupervisor({ limits })
  await expect(gatehouse.addRemote('far', server.url)).rejects.toMatchObject({
    params: { problem: expect.stringContaining('signed by nobody you trust') },
  })
  const tls = { authorities: authority.cert, pin: other.pin }
  await expect(gatehouse.addRemote('far', server.url, { tls })).rejects.toMatchObject({
    params: { problem: expect.stringContaining('not the pinned one') },
  })
  expect(server.upgrades).toEqual([])
  await gatehouse.addRemote('far', server.url, { tls: { ...tls, pin: good.pin } })
  expect(textOf(await gatehouse.call('far__do'))).toBe('done')
  authority.remove()
})

it('proves a right when the upgrade is refused', async () => {
  server = await socketServer(done, ({ authorization }) => authorization === 'Bearer good')
  gatehouse = aSupervisor({
    limits,
    authorize: {
      proof: async ({ challenge }) => ({ authorization: challenge ? 'Bearer good' : 'Bearer old' }),
      heard: () => {},
    },
  })
  await gatehouse.addRemote('far', server.url)
  expect(textOf(await gatehouse.call('far__do'))).toBe('done')
})

it('proves with every upgrade that it holds its key (DPoP), with the nonce of the refusal', async () => {
  const possession = new ProofOfPossession()
  possession.nonce = 'first'
  const accessToken = 'a-bound-token'
  const session = await DpopSession.create({ keyPair: await generateDpopKeyPair({ alg: 'ES256', extractable: true }) })
  const shown: unknown[] = []
  const holds = async ({ authorization, host }: IncomingHttpHeaders, request: IncomingMessage) => {
    const found = await possession.thumbprint(request, `http://${host}/mcp`, accessToken)
    shown.push('jkt' in found ? authorization : found.error)
    return 'jkt' in found && authorization === `DPoP ${accessToken}`
  }
  server = await socketServer(done, holds, undefined, 'dpop-nonce: first\r\n')
  gatehouse = aSupervisor({
    limits,
    authorize: {
      proof: async ({ method: htm, url: htu }) => ({
        authorization: `DPoP ${accessToken}`,
        dpop: await session.buildProof({ htm, htu, accessToken }),
      }),
      heard: (nonce) => session.rememberNonce(server.url.replace('ws:', 'http:'), nonce),
    },
  })
  await gatehouse.addRemote('far', server.url)
  expect(textOf(await gatehouse.call('far__do'))).toBe('done')
  expect(shown[0]).toBe('use_dpop_nonce')
  expect(new Set(shown.slice(1))).toEqual(new Set([`DPoP ${accessToken}`]))
})

it.each<[string, (socket: WebSocket, id: number) => void, string]>([
  ['-32001 to nobody', (socket) => unauthorized(socket), 'does not accept you'],
  ['bytes', (socket) => socket.send(Buffer.from([1, 2, 3])), 'bytes'],
  ['more than it may', (socket) => socket.send('x'.repeat(2 * 1024 * 1024)), 'over 48 MB'],
  ['a close', (socket) => socket.close(), 'closed the connection'],
  ['a reset', (socket) => socket.terminate(), 'closed the connection'],
])('ends with a clear error when the answer is %s', async (_name, answer, words) => {
  server = await socketServer(answer)
  gatehouse = aSupervisor({ limits })
  await gatehouse.addRemote('far', server.url)
  await expect(gatehouse.call('far__do')).rejects.toMatchObject({
    code: 'server.crashed',
    params: { problem: expect.stringContaining(words) },
  })
})

function unauthorized(socket: WebSocket): void {
  const error = { code: -32001, message: 'Authentication required' }
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: null, error }), () => socket.close())
}
