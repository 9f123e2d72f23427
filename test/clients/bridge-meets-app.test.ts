import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { linkToApp } from '../../main/bridge/app-link.ts'
import { BridgePairing, type PairQuestion } from '../../main/clients/pairing.ts'
import { ProgramIdentities } from '../../main/clients/programs/program-identity.ts'
import { Programs } from '../../main/clients/programs/program-of.ts'
import { SocketConnection } from '../../main/gateway/socket-connection.ts'
import { appHandshake } from '../../shared/wire/hello.ts'
import { socketPath } from '../../shared/wire/places.ts'
import { someClients } from './some-clients.ts'

const programs = new Programs(new ProgramIdentities())

let server: Server | undefined
afterEach(() => server?.close())

/** The app's door on a real socket, with real programs behind it. */
async function anApp(answer: 'allow' | 'deny') {
  const app = await someClients()
  const home = dirname(app.folder)
  const asked: PairQuestion[] = []
  const pairing = new BridgePairing({
    clients: app.clients,
    sessions: app.sessions,
    programOf: (pid) => programs.ofBridge(pid),
    askPerson: async (question) => {
      asked.push(question)
      return answer
    },
  })
  const path = socketPath(home, join(home, 'run'), process.env)
  mkdirSync(dirname(path), { recursive: true })
  server = createServer((socket) => {
    const gone = new AbortController()
    socket.once('close', () => gone.abort())
    const connection = new SocketConnection(socket)
    connection
      .next() // {"gatehouse":"bridge"}
      .then(() => appHandshake(connection, pairing.handshake(gone.signal)))
      .catch(() => connection.end())
  })
  await new Promise<void>((resolve) => server?.listen(path, resolve))
  const link = (resume?: string) =>
    linkToApp({ client: 'Editor', home, start: false }, resume, (message) => messages.push(message))
  const messages: string[] = []
  return { ...app, asked, messages, link }
}

it('pairs over a real socket, then comes back to its session without a question', async () => {
  const app = await anApp('allow')
  const first = await app.link()
  expect(app.messages).toEqual(['Gatehouse asks its user whether “Editor” may connect. Answer in Gatehouse.'])
  expect(app.asked[0]?.program?.executable).toMatch(/^\//)
  const again = await app.link(first.welcome.sessionId)
  expect(again.welcome).toMatchObject({ sessionId: first.welcome.sessionId, resumed: true })
  expect(app.asked).toHaveLength(1)
  first.socket.destroy()
  again.socket.destroy()
})

it('tells the bridge in words when the person says no', async () => {
  const app = await anApp('deny')
  await expect(app.link()).rejects.toThrow('“Editor” is not paired with Gatehouse.')
  expect(app.clients.list()).toEqual([])
})

it('ends a connected client’s calls at once when it is revoked', async () => {
  const app = await anApp('allow')
  const { welcome, socket } = await app.link()
  const credential = { clientId: welcome.clientId as never, sessionId: welcome.sessionId as never }
  expect(app.clients.identify(credential).client.name).toBe('Editor')
  const revoking = app.clients.revoke('Editor')
  expect(() => app.clients.identify(credential)).toThrow('client.revoked')
  await revoking
  await expect(app.link()).rejects.toThrow('“Editor” was revoked')
  socket.destroy()
})
