import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Behaviour } from '../../main/anomalies/behaviour.ts'
import { BehaviourStore } from '../../main/anomalies/behaviour-store.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { said } from '../support/raw-bridge.ts'

const greedy = resolve('test/support/greedy-server/greedy-server.js')
interface Shown {
  readonly id: string
  readonly status: string
  readonly severity: string
  readonly symptoms: readonly { kind: string; detail: string }[]
  readonly attempts: readonly { strategy: string }[]
}

describe.runIf(process.platform === 'linux')('a server that looks for keys', () => {
  let app: GatehouseApp
  beforeAll(async () => {
    app = await GatehouseApp.start()
  })
  afterAll(() => app.end())

  const add = (name: string) =>
    app.ask('servers', 'add', name, '--yes', '--trust', '--sandbox', '2', '--', process.execPath, greedy)
  const call = (server: string, deed: string, args: object = {}) =>
    app.operator('call', `${server}__${deed}`, '--args', JSON.stringify(args), '--json')
  const homeOf = async (server: string) =>
    (JSON.parse((await call(server, 'home')).out).result ?? JSON.parse((await call(server, 'home')).out)).content[0]
      .text
  const incidentsOf = async (server: string) =>
    ((await app.ask('incidents', 'list', '--server', server)) as { incidents: Shown[] }).incidents
  const isOff = async (server: string) => {
    const { servers } = (await app.ask('servers', 'list')) as { servers: { name: string; state: string }[] }
    return servers.find(({ name }) => name === server)?.state === 'disabled'
  }

  /** Some minutes of quiet work are behind a server, as an app that was stopped meanwhile remembers them. @returns samples */
  async function learnt(server: string): Promise<number> {
    await app.stop()
    const db = new Database(join(app.home, 'gatehouse.db'))
    const kept = new BehaviourStore(db)
    const { identity = '' } = kept.load(server as ServerName) ?? {}
    const behaviour = new Behaviour({
      identity: () => identity,
      kept,
      onViolation: ({ evidence }) => expect.fail(evidence),
    })
    for (let at = 0; at < 60; at++) {
      behaviour.used(server as ServerName, { cpu: 0, memoryBytes: 5e7, readBytes: 0, writtenBytes: 0, processes: 2 })
      behaviour.answered(server as ServerName, {
        entry: `${server}__echo`,
        latencyMs: 2,
        resultBytes: 50,
        resultEntropy: 3,
      })
    }
    behaviour.save()
    db.close()
    await app.start()
    return behaviour.shown(server as ServerName)[0]?.samples ?? 0
  }

  it('is switched off within a second of touching a decoy, with an incident that says which', async () => {
    await add('curious')
    const home = await homeOf('curious')
    // it keeps what it read to itself: only the touch shows
    await call('curious', 'run', {
      command: '/bin/sh',
      args: ['-c', `cat ${join(home, '.ssh/id_ed25519_work')} >/dev/null`],
    })
    await expect.poll(() => isOff('curious')).toBe(true)
    const [incident] = await incidentsOf('curious')
    expect(incident).toMatchObject({ status: 'open', severity: 'critical', attempts: [{ strategy: 'suspend' }] })
    expect(incident?.symptoms[0]).toMatchObject({
      kind: 'decoy-touched',
      detail: expect.stringContaining('read a decoy: .ssh/id_ed25519_work'),
    })
    expect(await app.ask('cells', 'show', 'curious')).toMatchObject({ cell: { status: 'suspended' } })
    const refused = await call('curious', 'echo')
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(incident?.id)
  })

  it('stays off over a restart and when it is merely switched on, and goes on by one decision', async () => {
    await app.restart()
    expect(await isOff('curious')).toBe(true)
    await app.operator('servers', 'enable', 'curious')
    expect((await call('curious', 'echo', { text: 'back' })).code).toBe(1)
    const [incident] = await incidentsOf('curious')
    expect(incident?.status).toBe('open')
    await app.ask('incidents', 'resolve', incident?.id ?? '')
    expect(await isOff('curious')).toBe(false)
    expect((await call('curious', 'echo', { text: 'back' })).out).toContain('back')
    expect((await incidentsOf('curious'))[0]?.status).toBe('resolved')
  })

  it('is refused when it does so in its trial run, and the person is told why', async () => {
    const args = ['--yes', '--trust', '--sandbox', '2', '--', process.execPath, greedy, '--curious']
    const added = await app.operator('servers', 'add', 'early', ...args)
    expect(added.code).toBe(1)
    expect(added.err).toContain('.ssh/id_ed25519_work')
    expect((await call('early', 'echo')).code).toBe(1)
  })

  it('is cut off when it hands the words of a decoy out, and the record holds none of them', async () => {
    await add('thief')
    const home = await homeOf('thief')
    await call('thief', 'read', { path: join(home, '.wallet/seed.txt') })
    await expect.poll(() => isOff('thief')).toBe(true)
    const [incident] = await incidentsOf('thief')
    expect(incident?.attempts.map(({ strategy }) => strategy)).toContain('revoke')
    expect(JSON.stringify(incident)).toContain('came out of “thief”')
    expect(JSON.stringify(incident)).not.toContain('xprv')
  })

  it('is not let on by a review of its cell alone, and the person is told what lets it', async () => {
    const [incident] = await incidentsOf('thief')
    const refused = await app.operator('cells', 'review', 'thief', '--accept')
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining(`gatehouse incidents resolve ${incident?.id}`),
    ])
    expect(await app.ask('cells', 'show', 'thief')).toMatchObject({ cell: { status: 'suspended' } })
    expect(await isOff('thief')).toBe(true)
    await app.ask('incidents', 'resolve', incident?.id ?? '')
    expect(await isOff('thief')).toBe(false)
    expect((await call('thief', 'echo', { text: 'back' })).out).toContain('back')
  })

  it('is watched, not stopped, for a file that libraries read by themselves', async () => {
    await add('library')
    const home = await homeOf('library')
    await call('library', 'run', {
      command: '/bin/sh',
      args: ['-c', `cat ${join(home, '.aws/credentials')} >/dev/null`],
    })
    await expect.poll(async () => (await incidentsOf('library')).length).toBe(1)
    expect((await incidentsOf('library'))[0]?.attempts).toMatchObject([{ strategy: 'watch' }])
    expect(await isOff('library')).toBe(false)
  })

  it('is switched off when it behaves unlike itself in three ways at once, and acts no more', async () => {
    await add('odd')
    const home = await homeOf('odd')
    await call('odd', 'write', { path: join(home, 'as-usual') })
    expect(existsSync(join(home, 'as-usual'))).toBe(true)
    expect(await learnt('odd')).toBeGreaterThan(30)
    const editor = await app.client('editor')
    await editor.call('odd__run', { command: '/bin/sh', args: ['-c', 'cat ~/.aws/credentials >/dev/null'] })
    await expect.poll(async () => (await incidentsOf('odd')).length, { timeout: 8000 }).toBe(1) // now measured every 2 s
    await editor.call('odd__processes', { count: 60 })
    await expect
      .poll(
        async () => {
          await editor.call('odd__large', { bytes: 400_000 })
          await editor.call('odd__disk', { mb: 40 })
          return isOff('odd')
        },
        { timeout: 70_000, interval: 500 },
      )
      .toBe(true)
    const symptoms = (await incidentsOf('odd')).flatMap((incident) => incident.symptoms)
    const { detail } = symptoms.findLast(({ kind }) => kind === 'anomalous') ?? {}
    for (const figure of ['size of answers', 'disk writes', 'processes']) expect(detail).toContain(figure)
    expect(said(await editor.call('odd__write', { path: join(home, 'afterwards') }))).toMatch(/odd is disabled/)
    expect(existsSync(join(home, 'afterwards'))).toBe(false)
  })

  it('is ended when it runs more processes than the person lets it, which is said where it is inspected', async () => {
    await add('many')
    await app.ask('servers', 'set', 'many', '--processes', '20')
    await call('many', 'processes', { count: 60 }) // ended before or after its answer
    await expect
      .poll(async () => (await app.ask('servers', 'inspect', 'many')).problem, { timeout: 8000 })
      .toContain('more than 20 processes')
    expect(await app.ask('servers', 'inspect', 'many')).toMatchObject({ pids: [] })
  })

  it('that does its work and looks at nothing raises nothing', async () => {
    await add('honest')
    const home = await homeOf('honest')
    for (let at = 0; at < 5; at++) await call('honest', 'write', { path: join(home, 'notes.txt') })
    await call('honest', 'list', { path: home })
    expect(await incidentsOf('honest')).toEqual([])
  })
})
