import { describe, expect, it } from 'vitest'
import { BridgePairing, type PairQuestion } from '../../main/clients/pairing.ts'
import type { Program } from '../../shared/domain/call.ts'
import { clientFilePath, readClientFile } from '../../shared/wire/client-file.ts'
import { appHandshake, clientHandshake, type LineChannel } from '../../shared/wire/hello.ts'
import { someClients } from './some-clients.ts'

const editorApp: Program = { pid: 10, name: 'editor', executable: '/opt/editor/editor', parents: ['systemd'] }
const otherApp: Program = { pid: 11, name: 'other', executable: '/tmp/other', parents: ['bash', 'editor'] }

async function aDoor(answers: ('allow' | 'deny')[] = []) {
  const app = await someClients()
  const asked: PairQuestion[] = []
  const time = { now: 0 }
  let program: Program | undefined = editorApp
  let connection = new AbortController()
  let pids = 100
  const pairing = new BridgePairing({
    clients: app.clients,
    sessions: app.sessions,
    askPerson: async (question) => {
      asked.push(question)
      return answers.shift() ?? 'deny'
    },
    programOf: async () => program,
    monotonicMs: () => time.now,
  })
  return {
    ...app,
    asked,
    time,
    startedBy: (next: Program | undefined) => {
      program = next
    },
    /** The latest connection ends. */
    disconnect: () => connection.abort(),
    connect: async (client = 'Editor', more: { resume?: string; workspace?: string; pid?: number } = {}) => {
      const wire = aPipe()
      connection = new AbortController()
      const [door, bridge] = await Promise.allSettled([
        appHandshake(wire.app, pairing.handshake(connection.signal)),
        clientHandshake(wire.bridge, {
          client,
          pid: ++pids,
          secret: () => readClientFile(clientFilePath(app.folder, client)),
          ...more,
        }),
      ])
      if (bridge.status === 'rejected') throw bridge.reason
      if (door.status === 'rejected') throw door.reason
      return bridge.value
    },
  }
}

describe('a bridge', () => {
  it('with an unpaired name gets in once the person agrees, and later without a question', async () => {
    const door = await aDoor(['allow'])
    const first = await door.connect()
    expect(door.asked).toMatchObject([{ kind: 'pair', clientName: 'Editor', program: editorApp }])
    expect(door.clients.list()).toMatchObject([{ name: 'Editor', program: { executable: '/opt/editor/editor' } }])
    const again = await door.connect('Editor', { resume: first.sessionId })
    expect(again).toMatchObject({ sessionId: first.sessionId, resumed: true })
    expect(door.asked).toHaveLength(1)
  })

  it('that states the pid of a connected one is not believed to be it', async () => {
    const door = await aDoor(['allow', 'deny'])
    await door.connect('Editor', { pid: 7 })
    await expect(door.connect('Editor', { pid: 7 })).rejects.toMatchObject({ refusal: { code: 'client.unpaired' } })
    expect(door.asked[1]).toMatchObject({ previous: editorApp })
    expect(door.asked[1]?.program).toBeUndefined()
  })

  it('that is unpaired is not believed to be a connected one, whatever session it says it comes back to', async () => {
    const door = await aDoor(['allow', 'deny'])
    await door.connect('Editor', { pid: 7 })
    await expect(door.connect('Other', { pid: 7, resume: 'se_none' })).rejects.toMatchObject({ reason: 'refused' })
    expect(door.asked[1]).toMatchObject({ clientName: 'Other' })
    expect(door.asked[1]?.program).toBeUndefined()
  })

  it('is believed under the same pid when it comes back to its session before the loss was noticed', async () => {
    const door = await aDoor(['allow'])
    const { sessionId } = await door.connect('Editor', { pid: 7 })
    await expect(door.connect('Editor', { pid: 7, resume: sessionId })).resolves.toMatchObject({ resumed: true })
    expect(door.asked).toHaveLength(1)
  })

  it('leaves its session idle when its connection ends', async () => {
    const door = await aDoor(['allow'])
    const { sessionId } = await door.connect()
    expect(door.clients.list()).toMatchObject([{ connected: true }])
    door.disconnect()
    expect(door.sessions.get(sessionId)?.state).toBe('idle')
    expect(door.clients.list()).toMatchObject([{ connected: false }])
  })

  it('is refused when the person says no, and nobody is asked again for two minutes', async () => {
    const door = await aDoor(['deny', 'deny', 'allow'])
    const refused = { reason: 'refused', refusal: { code: 'client.unpaired' } }
    await expect(door.connect()).rejects.toMatchObject(refused)
    await expect(door.connect()).rejects.toMatchObject(refused)
    expect(door.asked).toHaveLength(1)
    door.time.now += 120_000
    await expect(door.connect()).rejects.toMatchObject(refused)
    expect(door.asked).toHaveLength(2)
    expect(door.clients.list()).toEqual([])
  })

  it('started by another program than before is a question to the person', async () => {
    const door = await aDoor(['allow', 'deny', 'allow'])
    await door.connect()
    door.startedBy(otherApp)
    await expect(door.connect()).rejects.toMatchObject({ refusal: { code: 'client.unpaired' } })
    expect(door.asked[1]).toMatchObject({ program: otherApp, previous: editorApp })
    await expect(door.connect()).rejects.toMatchObject({ refusal: { code: 'client.unpaired' } })
    expect(door.asked).toHaveLength(2)
    door.startedBy(undefined)
    await door.connect()
    expect(door.asked).toHaveLength(3)
    door.startedBy(editorApp)
    await door.connect()
    expect(door.asked).toHaveLength(3)
  })

  it('of another maker than before is a question, an update of an unsigned one is not', async () => {
    const door = await aDoor(['allow', 'deny'])
    const by = (kind: 'signature' | 'hash', name: string) => door.startedBy({ ...editorApp, identity: { kind, name } })
    await door.connect()
    by('hash', 'aa')
    await door.connect()
    by('hash', 'bb')
    await door.connect()
    expect(door.clients.named('Editor')?.program?.identity).toEqual({ kind: 'hash', name: 'bb' })
    by('signature', 'Example Inc.')
    await door.connect()
    expect(door.asked.length).toBe(1)
    by('signature', 'Someone Else')
    await expect(door.connect()).rejects.toMatchObject({ refusal: { code: 'client.unpaired' } })
    expect(door.asked[1]).toMatchObject({
      kind: 'pair',
      program: { identity: { name: 'Someone Else' } },
      previous: { executable: editorApp.executable, identity: { name: 'Example Inc.' } },
    })
    expect(door.clients.named('Editor')?.program?.identity?.name).toBe('Example Inc.')
  })

  it('of a suspended client is refused without a question, however it is paired, until the person resumes it', async () => {
    const door = await aDoor(['allow', 'allow'])
    const first = await door.connect()
    door.clients.suspend('Editor')
    await expect(door.connect('Editor', { resume: first.sessionId })).rejects.toMatchObject({
      refusal: { code: 'client.suspended' },
    })
    await expect(door.clients.pairByPerson('Editor')).rejects.toThrow('client.suspended')
    await expect(door.clients.token('editor')).rejects.toThrow('client.suspended')
    door.clients.resume('Editor')
    await expect(door.connect()).resolves.toMatchObject({ resumed: false })
    expect(door.asked).toHaveLength(1)
  })

  it('of a revoked client is not even a question', async () => {
    const door = await aDoor(['allow', 'allow'])
    await door.connect()
    await door.clients.revoke('Editor')
    await expect(door.connect()).rejects.toMatchObject({ refusal: { code: 'client.revoked' } })
    expect(door.asked).toHaveLength(1)
    await door.clients.pairByPerson('Editor')
    await expect(door.connect()).resolves.toMatchObject({ resumed: false })
  })

  it('cannot take another client’s session or a workspace it is not paired for', async () => {
    const door = await aDoor(['allow', 'allow'])
    const mine = await door.connect()
    expect(await door.connect('Other', { resume: mine.sessionId })).toMatchObject({ resumed: false })
    await expect(door.connect('Editor', { workspace: 'work' })).rejects.toMatchObject({
      refusal: { code: 'input.invalid' },
    })
  })

  it('with a secret of its own making is refused', async () => {
    const door = await aDoor(['allow'])
    const { clientId } = await door.connect()
    const wire = aPipe()
    const pairing = new BridgePairing({ ...door, askPerson: async () => 'allow', programOf: async () => editorApp })
    const app = appHandshake(wire.app, pairing.handshake(new AbortController().signal))
    const bridge = clientHandshake(wire.bridge, {
      client: 'Editor',
      pid: 5,
      secret: async () => ({ clientId, secret: Buffer.alloc(32, 1) }),
    })
    await expect(bridge).rejects.toMatchObject({ reason: 'app-unproven' })
    wire.end()
    await expect(app).rejects.toThrow()
  })
})

/** Two ends of a line connection in memory. */
function aPipe(): { app: LineChannel; bridge: LineChannel; end: () => void } {
  const [a, b] = [aQueue(), aQueue()]
  return {
    app: { send: b.push, next: a.next },
    bridge: { send: a.push, next: b.next },
    end: () => a.end(),
  }
}

function aQueue() {
  const lines: string[] = []
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = []
  return {
    push: (line: string) => {
      const next = waiting.shift()
      if (next) next.resolve(line)
      else lines.push(line)
    },
    next: () =>
      new Promise<string>((resolve, reject) => {
        const line = lines.shift()
        if (line === undefined) waiting.push({ resolve, reject })
        else resolve(line)
      }),
    end: () => {
      for (const { reject } of waiting.splice(0)) reject(new Error('closed'))
    },
  }
}
