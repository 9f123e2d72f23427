import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ErasureResult, Holding } from '../../shared/contract/privacy.ts'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import type { RawBridge } from '../support/raw-bridge.ts'
import { readIfThere } from '../support/read-if-there.ts'
import { runCommand } from '../support/run-command.ts'

const surname = 'Zarzavat'
const person = [`Ana ${surname}`, `ana@${surname.toLowerCase()}.test`]
const tasks = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
}

let app: GatehouseApp
let editor: RawBridge
let taskId: string
let answered: string
let taskClient: RawBridge

/** One person, wherever an AI app can bring them: arguments, results, a question, a task, memory, a server's log. */
beforeAll(async () => {
  app = await GatehouseApp.start({ env: { GATEHOUSE_TASKS__AFTER_SECONDS: '1' } })
  await app.addRecorder('keeper', '--trust')
  await app.addRecorder('asked')
  await app.ask('permissions', 'allow', '--tool', 'memory__*')
  editor = await app.client('editor')
  await editor.call('keeper__act', { note: `${person[0]} called` })
  await editor.call('keeper__act', { note: 'nobody in particular' })
  await editor.call('keeper__complain', { name: person[1], note: 'is written to stderr' })
  const waiting = editor.call('asked__act', { to: person[1] })
  answered = await app.question(({ tool }) => tool === 'asked__act')
  await app.approve(answered)
  await waiting
  await editor.call('memory__create_entities', {
    entities: [
      { name: person[0], entityType: 'person', observations: [`writes from ${person[1]}`] },
      { name: 'Garden', entityType: 'project', observations: [`${person[0]} waters it`, 'is green'] },
    ],
  })
  await app.ask('clients', 'pair', 'tasker')
  taskClient = app.bridge('tasker')
  const held = { name: 'NOTHING', note: `for ${person[0]}` }
  const call = { name: 'asked__complain', arguments: held, _meta: tasks }
  const { result } = await taskClient.request('tools/call', call)
  taskId = String(result?.taskId)
  await app.approve(await app.question(({ tool }) => tool === 'asked__complain'))
  await vi.waitFor(
    async () => expect((await app.ask('tasks', 'list')).tasks).toMatchObject([{ id: taskId, state: 'completed' }]),
    { timeout: 20_000, interval: 300 },
  )
})
afterAll(() => app.end())

/** Files of the data folder in which the name stands in clear, whatever the case. */
function filesNaming(name: string, folder = app.home): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .filter((file) => readIfThere(file).toString('latin1').toLowerCase().includes(name.toLowerCase()))
    .map((file) => file.slice(folder.length + 1))
}
const find = async () => (await app.ask('privacy', 'find', ...person)) as unknown as Holding
const storesOf = ({ stores }: Holding) => stores.map(({ store }) => store).toSorted()

describe('a person’s data', () => {
  it('is found in every place it got to, and shown and exported with where, since when and what', async () => {
    const found = await find()
    expect(storesOf(found)).toEqual(expect.arrayContaining(['audit', 'logs', 'memory', 'questions', 'tasks']))
    expect(found.stores.every(({ since, store }) => since !== undefined || store === 'logs')).toBe(true)
    const access = await app.ask('privacy', 'access', '--called', 'letter of 3 May', ...person)
    expect(access).toMatchObject({ total: expect.any(Number), request: expect.stringMatching(/^pr_/) })
    const { out, code } = await app.operator('privacy', 'export', '--called', 'copy', ...person)
    expect(code).toBe(0)
    const document = JSON.parse(out)
    expect(document).toMatchObject({ format: 'gatehouse-personal-data', version: 1, called: 'copy' })
    const data = (store: string) =>
      JSON.stringify(document.items.filter((one: { store: string }) => one.store === store))
    expect(data('audit')).toContain(`${person[0]} called`)
    expect(data('memory')).toContain(`writes from ${person[1]}`)
    expect(data('questions')).toContain(person[1])
    expect(out).not.toContain('nobody in particular')
  })

  it('is looked for only with the operator’s word, and a request cannot be called by the person’s name', async () => {
    expect(await runCommand(app.home, ['privacy', 'find', ...person])).toMatchObject({ code: 1 })
    expect(await app.cli('privacy', 'erase', '--yes', ...person)).toMatchObject({ code: 1 })
    const { err, code } = await app.operator('privacy', 'access', '--called', `for ${person[0]}`, ...person)
    expect([code, err]).toEqual([2, expect.stringContaining('must not name the person')])
    expect((await app.operator('privacy', 'find', 'An')).code).toBe(2)
  })

  it('is corrected in the memory', async () => {
    const right = ['--wrong', 'waters', '--right', 'planted']
    const done = await app.ask('privacy', 'rectify', ...right, '--called', 'correction', ...person)
    expect(done.changed).toEqual(['Garden'])
    expect(JSON.stringify(await app.ask('memory', 'show', 'Garden'))).toContain('planted')
  })

  it('is erased everywhere: searched for again, nothing is left but what is named, and the chain verifies', async () => {
    mkdirSync(join(app.home, 'backups'), { recursive: true })
    writeFileSync(join(app.home, 'backups', 'old.gatehouse-backup'), 'sealed')
    expect(filesNaming(surname).length).toBeGreaterThan(0)
    const done = (await app.ask(
      'privacy',
      'erase',
      '--yes',
      '--called',
      'erase',
      ...person,
    )) as unknown as ErasureResult
    expect(done).toMatchObject({ left: 0, auditValid: true })
    expect(done.erased.map(({ store }) => store)).toEqual(
      expect.arrayContaining(['audit', 'logs', 'memory', 'questions', 'tasks']),
    )
    expect(done.kept).toContainEqual({ where: expect.stringContaining('old.gatehouse-backup'), why: 'backup' })
    expect(filesNaming(surname)).toEqual([])
    const again = await find()
    expect(again.stores.filter(({ count, kept }) => count > kept)).toEqual([])
    expect(await app.ask('audit', 'verify')).toMatchObject({ valid: true, tombstones: expect.any(Number) })
    expect((await app.operator('approvals', 'show', answered)).code).toBe(1)
    const { result } = await taskClient.request('tasks/get', { taskId, _meta: tasks })
    expect(JSON.stringify(result)).toContain('erased because a person asked')
    expect(JSON.stringify(await app.ask('memory', 'show', 'Garden'))).toContain('is green')
  })

  it('keeps of requests neither whom they were about nor, after the app was killed, anything else of them', async () => {
    await app.kill()
    await app.start()
    expect(filesNaming(surname)).toEqual([])
    const { requests } = await app.ask('privacy', 'requests')
    const ends = (requests as { kind: string; called: string; outcome?: string }[]).map((one) => [
      one.kind,
      one.called,
      one.outcome,
    ])
    expect(ends.toReversed()).toEqual([
      ['access', 'letter of 3 May', 'done'],
      ['portability', 'copy', 'done'],
      ['rectification', 'correction', 'done'],
      ['erasure', 'erase', 'partly'],
    ])
    const { entries } = await app.ask('audit', 'list', '--limit', '500')
    const actions = (entries as { action: string }[]).map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['privacy.find', 'privacy.erasure', 'audit.erase']))
    expect((await find()).before).toHaveLength(4)
  })

  it('is counted in a report of how it is kept', async () => {
    const report = await app.ask('privacy', 'report')
    expect(report).toMatchObject({
      retention: { days: 2555, piiDays: 730 },
      requests: { byKind: { erasure: 1 }, byOutcome: { done: 3, partly: 1 }, open: 0 },
      encryption: { cipher: 'AES-256-GCM', keys: 1 },
      lastVerification: { valid: true },
    })
    expect(existsSync(join(app.home, 'logs', 'gatehouse.log'))).toBe(true)
  })
})
