import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type ForwardTarget, forwardTarget } from '../../main/sandbox/forward-target.ts'
import { Forwarder, isOwn } from '../../main/sandbox/forwarder.ts'
import { ownListeningPorts } from '../../main/sandbox/own-listeners.ts'
import type { RefusedHost } from '../../main/sandbox/sandbox.ts'

const open: (Forwarder | Server)[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await ('stop' in one ? one.stop() : new Promise((done) => one.close(done)))
})

async function listening(): Promise<number> {
  const server = createServer((socket) => socket.end('Gatehouse'))
  open.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

/** A forwarder to one target, asked once. @returns what the far end said, and what was refused */
async function asked(named: string, answers: readonly string[]) {
  const refused: RefusedHost[] = []
  const looked: string[] = []
  const forwarder = new Forwarder(
    (one) => refused.push(one),
    async (host) => {
      looked.push(host)
      return answers.map((address) => ({ address }))
    },
  )
  open.push(forwarder)
  const path = await forwarder.listen(forwardTarget(named) as ForwardTarget)
  const once = () =>
    new Promise<string>((done) => {
      let said = ''
      const client = connect(path)
      client.on('data', (data) => {
        said += data
      })
      client.on('error', () => {}).on('close', () => done(said))
    })
  return { said: await once(), again: once, refused, looked }
}

describe.runIf(process.platform === 'linux')('the forwarder', () => {
  it.each([
    ['nas.lan', ['127.0.0.1']],
    ['nas.lan', ['::ffff:127.0.0.1']],
    ['nas.lan', ['10.0.0.5', '127.0.0.1']],
    ['nas.lan', ['169.254.169.254']],
    ['nas.lan', ['93.184.215.14']],
    ['db.example.com', ['127.0.0.1']],
    ['db.example.com', ['192.168.1.1']],
    ['db.example.com', ['93.184.215.14', '10.0.0.1']],
  ])('does not dial %s when it turns out to be %s', async (host, addresses) => {
    const { said, refused } = await asked(`${host}:5432`, addresses)
    expect(said).toBe('')
    expect(refused).toEqual([{ host, port: 5432, why: 'moved' }])
  })

  it('looks a name up anew for each connection: the answer may change between two', async () => {
    const { again, looked, refused } = await asked('nas.lan:5432', ['127.0.0.1'])
    await again()
    expect(looked).toEqual(['nas.lan', 'nas.lan'])
    expect(refused).toHaveLength(2)
  })

  it('never asks who localhost is', async () => {
    const { said, looked, refused } = await asked(`localhost:${await listening()}`, ['93.184.215.14'])
    expect(said).toBe('')
    expect(looked).toEqual([])
    expect(refused).toMatchObject([{ why: 'own port' }])
  })
})

describe.runIf(process.platform === 'linux')('Gatehouse’s own ports', () => {
  it('are those this process listens on now, whoever opened them', async () => {
    const port = await listening()
    expect(ownListeningPorts()).toContain(port)
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])
      expect([address, isOwn(address, port)]).toEqual([address, true])
    expect(isOwn('10.255.255.1', port)).toBe(false)
    for (const one of open.splice(0)) await new Promise((done) => (one as Server).close(done))
    expect(isOwn('127.0.0.1', port)).toBe(false)
  })
})
