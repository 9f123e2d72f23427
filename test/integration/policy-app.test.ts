import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import type { RawBridge } from '../support/raw-bridge.ts'
import { runCommand } from '../support/run-command.ts'

/** Rules, presets, roles and budgets as a person uses them, on the built app with real servers. */
let app: GatehouseApp
let editor: RawBridge

beforeAll(async () => {
  app = await GatehouseApp.start()
  await app.addRecorder('files')
  editor = await app.client('editor')
}, 120_000)
afterAll(() => app.end())

const act = (args: Record<string, unknown>) => editor.call('files__act', args)
const reached = () => app.reached('files').map(({ args }) => args)
const grantsOf = async () => ((await app.ask('permissions', 'list')) as { grants: { id: string }[] }).grants
const revokeAll = async () => {
  for (const { id } of await grantsOf()) await app.ask('permissions', 'revoke', id)
}

describe('a grant with a budget', () => {
  it('lets so many calls reach the server, and the next one is asked about', async () => {
    await app.ask('permissions', 'allow', '--client', 'editor', '--tool', 'files__act', '--calls', '2')
    await act({ n: 1 })
    await act({ n: 2 })
    const third = act({ n: 3 })
    const id = await app.question()
    expect(reached()).toEqual([{ n: 1 }, { n: 2 }])
    await app.ask('approvals', 'deny', id)
    await third
    const { grants, conflicts } = (await app.ask('permissions', 'list')) as {
      grants: { used: object }[]
      conflicts: { kind: string }[]
    }
    expect(grants[0]?.used).toMatchObject({ calls: 2 })
    expect(conflicts.map(({ kind }) => kind)).toEqual(['used-up'])
    await revokeAll()
  })

  it('is not overdrawn by calls that come at once', async () => {
    const before = reached().length
    await app.ask('permissions', 'allow', '--client', 'editor', '--tool', 'files__act', '--calls', '3')
    const calls = Array.from({ length: 8 }, (_, n) => act({ at: 'once', n }))
    const asked = new Set<string>()
    while (asked.size < 4) {
      const open = await app.pending()
      for (const { id } of open) asked.add(id)
      if (asked.size < 4 && reached().length - before < 3) await app.question(({ id }) => !asked.has(id))
      else break
    }
    for (const { id } of await app.pending()) await app.ask('approvals', 'deny', id)
    await Promise.all(calls)
    expect(reached().length - before).toBe(3)
    await revokeAll()
  })
})

describe('a rule before it is made', () => {
  it('is tried on the recorded calls, which are counted and named, never shown', async () => {
    const rule = ['deny', '--tool', 'files__act', '--argument', '/n=1']
    const simulated = await app.ask('permissions', 'simulate', ...rule)
    expect(simulated).toMatchObject({ changed: { allow: 0, ask: 0, deny: 2 } }) // of two of the calls above
    expect(Number(simulated.calls)).toBeGreaterThanOrEqual(5)
    expect(JSON.stringify(simulated)).not.toContain('"n"')
    expect(await grantsOf()).toEqual([])
    const { entries } = (await app.ask('audit', 'list', '--text', 'judged')) as { entries: { action: string }[] }
    expect(entries.some(({ action }) => action === 'audit.simulate')).toBe(true)
  })

  it('needs the person, like everything that reads contents', async () => {
    const alone = await runCommand(app.home, ['permissions', 'simulate', 'deny', '--tool', 'files__act'])
    expect(alone.code).toBe(1)
    expect(alone.err).toContain('operator passphrase')
  })
})

describe('roles and presets', () => {
  it('of a reader keep every change from the server, whatever else is allowed', async () => {
    const before = reached().length
    await app.ask('permissions', 'allow', '--tool', '*')
    await app.ask('permissions', 'role', '--client', 'editor', '--role', 'reader')
    const refused = await act({ by: 'a reader' })
    expect(JSON.stringify(refused)).toContain('policy.denied')
    expect(reached()).toHaveLength(before)
    const explained = await app.ask('permissions', 'test', '--client', 'editor', '--tool', 'files__act')
    expect(explained).toMatchObject({ effect: 'deny', change: ['Give editor a wider role.'] })
    await app.ask('permissions', 'role', '--client', 'editor', '--role', 'full')
    await act({ by: 'anyone' })
    expect(reached().at(-1)).toEqual({ by: 'anyone' })
    await revokeAll()
  })

  it('are widened by nobody but the person', async () => {
    for (const verb of [
      ['permissions', 'presets', '--set', 'trusting'],
      ['permissions', 'role', '--client', 'editor', '--role', 'full'],
      ['workspaces', 'add', 'mine'],
      ['workspaces', 'move', 'files', 'mine'],
    ]) {
      const attempt = await app.cli(...verb)
      expect([verb.join(' '), attempt.code]).toEqual([verb.join(' '), 1])
      expect(attempt.err).toContain('operator passphrase')
    }
  })

  it('trusting lets a file inside a folder be changed, and nothing outside; careful asks again', async () => {
    const folder = app.recorderFolder('files')
    const file = join(folder, 'note.txt')
    writeFileSync(file, 'before')
    await app.ask('servers', 'set', 'filesystem', '--allow-path', folder)
    await app.ask('permissions', 'presets', '--set', 'trusting')
    await editor.call('filesystem__write_file', { path: file, content: 'after' })
    expect(readFileSync(file, 'utf8')).toBe('after')
    const outside = await editor.call('filesystem__write_file', { path: join(app.folder, 'x'), content: 'x' })
    expect(JSON.stringify(outside)).toContain('policy.denied')
    await app.ask('permissions', 'presets', '--set', 'careful')
    const asked = editor.call('filesystem__write_file', { path: file, content: 'again' })
    const id = await app.question()
    const shown = (await app.ask('approvals', 'show', id)) as { risk: string; reasons: string[] }
    expect(shown.risk).toBe('medium')
    expect(shown.reasons).toContain('It would change a file; that can be undone.')
    await app.ask('approvals', 'deny', id)
    await asked
    expect(readFileSync(file, 'utf8')).toBe('after')
    await app.ask('permissions', 'presets', '--set', 'balanced')
  })
})

it('offers “always in this folder” after three yeses, keeps it, and asks outside it', async () => {
  const folder = app.recorderFolder('files')
  const write = (name: string) => editor.call('filesystem__create_directory', { path: join(folder, name) })
  for (const name of ['plans', 'plans/a', 'plans/b', 'plans/c']) {
    const answer = write(name)
    await app.approve(await app.question())
    await answer
  }
  const answer = write('plans/d')
  const id = await app.question()
  const shown = (await app.ask('approvals', 'show', id)) as { scopes: { scope: string; consequence: string }[] }
  expect(shown.scopes.find(({ scope }) => scope === 'folder')?.consequence).toContain(join(folder, 'plans'))
  await app.approve(id, '--remember', 'folder')
  await answer
  await write('plans/e') // not asked about
  expect(await app.pending()).toEqual([])
  const outside = write('elsewhere')
  const other = await app.question()
  await app.ask('approvals', 'deny', other)
  await outside
  const stats = (await app.ask('approvals', 'stats')) as { answers: { tool: string; answer: string; count: number }[] }
  expect(stats.answers).toContainEqual(
    expect.objectContaining({ tool: 'filesystem__create_directory', answer: 'once', count: 4 }),
  )
})
