import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AppHandshake,
  appHandshake,
  type ClientHandshake,
  clientHandshake,
  type LineChannel,
} from '../../shared/wire/hello.ts'
import { newNonce, prove, proves } from '../../shared/wire/proof.ts'

const secret = randomBytes(32)

describe('handshake', () => {
  it('lets both sides prove the secret and never sends it', async () => {
    const wire = aWire()
    const [app, bridge] = await Promise.all([
      appHandshake(wire.app, anApp()),
      clientHandshake(wire.bridge, aBridge({ resume: 'se_old', server: 'files' })),
    ])
    expect(bridge).toEqual({ clientId: 'cl_1', sessionId: 'se_old', resumed: true })
    expect(app.hello).toMatchObject({ client: 'Editor', server: 'files', resume: 'se_old', pid: 77 })
    for (const line of wire.lines) {
      expect(line).not.toContain(secret.toString('base64url'))
      expect(line).not.toContain(secret.toString('hex'))
    }
  })

  it('refuses a bridge that holds another secret', async () => {
    const wire = aWire()
    const bridge = wire.bridge
    const app = appHandshake(wire.app, anApp())
    bridge.send(JSON.stringify({ v: 1, client: 'Editor', clientId: 'cl_1', nonce: newNonce(), pid: 1 }))
    await bridge.next()
    bridge.send(JSON.stringify({ proof: randomBytes(32).toString('base64url') }))
    await expect(app).rejects.toMatchObject({ reason: 'bridge-unproven' })
    expect(JSON.parse(await bridge.next())).toHaveProperty('refused')
  })

  it('refuses an app that does not know the secret, and proves nothing to it', async () => {
    const wire = aWire()
    const bridge = clientHandshake(wire.bridge, aBridge())
    await wire.app.next()
    wire.app.send(JSON.stringify({ nonce: newNonce(), proof: newNonce() }))
    await expect(bridge).rejects.toMatchObject({ reason: 'app-unproven' })
    expect(wire.lines.filter((line) => line.includes('"proof"'))).toHaveLength(1)
  })

  it('does not take the app’s own proof back as the bridge’s', async () => {
    const wire = aWire()
    const app = appHandshake(wire.app, anApp())
    wire.bridge.send(JSON.stringify({ v: 1, client: 'Editor', clientId: 'cl_1', nonce: newNonce(), pid: 1 }))
    const { proof } = JSON.parse(await wire.bridge.next())
    wire.bridge.send(JSON.stringify({ proof }))
    await expect(app).rejects.toMatchObject({ reason: 'bridge-unproven' })
  })

  it('binds the proof to what was asked for', () => {
    const facts = { clientId: 'cl_1', bridgeNonce: newNonce(), appNonce: newNonce(), server: 'files' }
    const proof = prove(secret, 'bridge', facts)
    expect(proves(secret, 'bridge', facts, proof)).toBe(true)
    for (const changed of [{ server: 'other' }, { clientId: 'cl_2' }, { resume: 'se_1' }, { appNonce: newNonce() }])
      expect(proves(secret, 'bridge', { ...facts, ...changed }, proof)).toBe(false)
    expect(proves(secret, 'app', facts, proof)).toBe(false)
  })

  it('pairs an unknown name after the person agrees, and then proves as usual', async () => {
    const wire = aWire()
    const messages: string[] = []
    let paired = false
    const [app, bridge] = await Promise.all([
      appHandshake(
        wire.app,
        anApp({
          pair: async (hello) => {
            expect(hello.client).toBe('Editor')
            paired = true
            return { clientId: 'cl_1' }
          },
        }),
      ),
      clientHandshake(
        wire.bridge,
        aBridge({
          secret: async () => (paired ? { clientId: 'cl_1', secret } : undefined),
          onPairing: (message) => messages.push(message),
        }),
      ),
    ])
    expect(messages).toEqual(['Answer in Gatehouse: Editor'])
    expect(app.clientId).toBe('cl_1')
    expect(bridge.sessionId).toBe('se_new')
  })

  it('tells the bridge why it was refused', async () => {
    const wire = aWire()
    const app = appHandshake(
      wire.app,
      anApp({
        secretOf: () => {
          throw new Error('revoked')
        },
      }),
    )
    const bridge = clientHandshake(wire.bridge, aBridge())
    await expect(app).rejects.toThrow('revoked')
    await expect(bridge).rejects.toMatchObject({ reason: 'refused', refusal: { code: 'client.revoked' } })
  })

  it('withdraws the pairing question when the bridge leaves', async () => {
    const wire = aWire()
    const app = appHandshake(
      wire.app,
      anApp({
        pair: (_, signal) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gone')))),
      }),
    )
    wire.bridge.send(JSON.stringify({ v: 1, client: 'Editor', nonce: newNonce(), pid: 1 }))
    await wire.bridge.next()
    wire.end()
    await expect(app).rejects.toThrow('gone')
  })

  it.each([
    ['text that is not JSON', 'GET / HTTP/1.1'],
    ['a list', '[]'],
    ['another version', JSON.stringify({ v: 2, client: 'x', nonce: newNonce() })],
    ['a short nonce', JSON.stringify({ v: 1, client: 'x', nonce: 'abc' })],
    ['no name', JSON.stringify({ v: 1, nonce: newNonce() })],
    ['a huge line', JSON.stringify({ v: 1, client: 'x', nonce: newNonce(), pad: 'x'.repeat(9000) })],
  ])('refuses %s', async (_, line) => {
    const wire = aWire()
    const app = appHandshake(wire.app, anApp())
    wire.bridge.send(line)
    await expect(app).rejects.toHaveProperty('name', 'HandshakeError')
    expect(JSON.parse(await wire.bridge.next())).toHaveProperty('refused')
  })
})

it('ends in a refusal whatever a stranger sends first', async () => {
  const field = fc.oneof(fc.string(), fc.integer(), fc.constant(newNonce()), fc.jsonValue())
  const hello = fc.record(
    { v: fc.constant(1), client: field, clientId: field, nonce: field, pid: field, resume: field },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.json(),
        hello.map((value) => JSON.stringify(value)),
      ),
      async (line) => {
        const wire = aWire()
        const refuse = async () => {
          throw new Error('not paired')
        }
        const app = appHandshake(wire.app, anApp({ pair: refuse, secretOf: refuse }))
        wire.bridge.send(line)
        await expect(app).rejects.toThrow()
        expect(wire.lines.at(-1)).toContain('refused')
      },
    ),
  )
})

function anApp(change: Partial<AppHandshake> = {}): AppHandshake {
  return {
    secretOf: () => secret,
    pair: async () => ({ clientId: 'cl_1' }),
    pairingMessage: (hello) => `Answer in Gatehouse: ${hello.client}`,
    admit: async ({ hello }) => ({ sessionId: hello.resume ?? 'se_new', resumed: hello.resume !== undefined }),
    refusal: () => ({ code: 'client.revoked', params: {}, message: 'revoked' }),
    ...change,
  }
}

function aBridge(change: Partial<ClientHandshake> = {}): ClientHandshake {
  return { client: 'Editor', pid: 77, secret: async () => ({ clientId: 'cl_1', secret }), ...change }
}

/** Two ends of a line connection in memory; `lines` is everything that crossed it. */
function aWire(): { app: LineChannel; bridge: LineChannel; lines: string[]; end: () => void } {
  const lines: string[] = []
  const toApp = aQueue()
  const toBridge = aQueue()
  const end = (from: ReturnType<typeof aQueue>, to: ReturnType<typeof aQueue>): LineChannel => ({
    send: (line) => {
      lines.push(line)
      to.push(line)
    },
    next: from.next,
  })
  return { app: end(toApp, toBridge), bridge: end(toBridge, toApp), lines, end: toApp.end }
}

function aQueue() {
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = []
  const kept: string[] = []
  return {
    push: (line: string) => {
      const first = waiting.shift()
      if (first) first.resolve(line)
      else kept.push(line)
    },
    next: () =>
      new Promise<string>((resolve, reject) => {
        const line = kept.shift()
        if (line === undefined) waiting.push({ resolve, reject })
        else resolve(line)
      }),
    end: () => {
      for (const waiter of waiting.splice(0)) waiter.reject(new Error('closed'))
    },
  }
}
