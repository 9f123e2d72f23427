import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Wiped } from '../../main/sandbox/sandbox.ts'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { wipeLeftovers } from '../../main/sandbox/zero-persistence.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aSupervisor, packagedServer, textOf } from '../support/a-supervisor.ts'

const greedy = resolve('test/support/greedy-server/greedy-server.js')

describe.runIf(process.platform === 'linux')('a server at level 4', () => {
  let base: string
  let folder: string
  let temp: string
  let sandbox: SystemSandbox
  let gatehouse: ReturnType<typeof aSupervisor>
  let wiped: Wiped[]

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(homedir(), 'gatehouse-paranoid-')))
    folder = join(base, 'papers')
    temp = join(base, 'servers')
    for (const one of [folder, temp, join(base, 'data')]) mkdirSync(one)
    writeFileSync(join(folder, 'letter.txt'), 'Dear Ana')
    wiped = []
    sandbox = new SystemSandbox({ dataFolder: join(base, 'data'), serverTemp: temp })
    gatehouse = aSupervisor({ sandbox, onWiped: (_server, one) => wiped.push(one) })
  })
  afterEach(async () => {
    await gatehouse.end()
    await sandbox.stop()
    rmSync(base, { recursive: true, force: true })
  })

  const add = (more: JsonObject = {}) =>
    gatehouse.add('greedy', [greedy], { sandbox: 4, allowedPaths: [{ path: folder, access: 'write' }], ...more })
  const does = (deed: string, args: JsonObject = {}) => gatehouse.call(`greedy__${deed}`, args)
  const leftIn = (where: string): string[] => readdirSync(where, { recursive: true }).map(String)
  const started = (reply: JsonObject) => (reply.result as JsonObject).structuredContent as { started: number }

  it('works on a copy: what it changes is seen by itself alone, and the model is told so', async () => {
    await add()
    expect(textOf(await does('read', { path: join(folder, 'letter.txt') }))).toBe('Dear Ana')
    const reply = (await does('write', { path: join(folder, 'letter.txt') })) as unknown as { result: JsonObject }
    expect(reply.result.content).toEqual([
      { type: 'text', text: 'written' },
      { type: 'text', text: expect.stringContaining('It changed 1 file of the copy; these changes were discarded') },
    ])
    expect(readFileSync(join(folder, 'letter.txt'), 'utf8')).toBe('Dear Ana')
    const read = (await does('read', { path: join(folder, 'letter.txt') })) as unknown as { result: JsonObject }
    expect(read.result.content).toEqual([{ type: 'text', text: 'Dear Ana' }])
  })

  it('sees the folder as it is at the moment of each call', async () => {
    await add()
    writeFileSync(join(folder, 'letter.txt'), 'Dear Ion')
    expect(textOf(await does('read', { path: join(folder, 'letter.txt') }))).toBe('Dear Ion')
  })

  it('is a new process for every call, gone with everything it left before the answer arrives', async () => {
    await add()
    const first = started((await does('echo')) as unknown as JsonObject)
    const second = started((await does('echo')) as unknown as JsonObject)
    expect(second.started).not.toBe(first.started)
    const home = textOf(await does('home'))
    await does('write', { path: join(home, 'note.txt') })
    expect(textOf(await does('list', { path: home }))).not.toContain('note.txt')
    expect(leftIn(temp).filter((name) => name.includes('run-'))).toEqual([])
    expect(gatehouse.supervisor.hosted('greedy' as never).pids).toEqual([])
    expect(wiped.length).toBeGreaterThanOrEqual(6)
    expect(wiped.every(({ complete }) => complete)).toBe(true)
  })

  it('leaves no program behind that goes on writing', async () => {
    const mark = `gatehouse-linger-${process.pid}`
    const running = () => execFileSync('ps', ['-eo', 'args']).toString().includes(mark)
    await gatehouse.add('lingering', [resolve('test/support/greedy-server/lingering-server.sh')], {
      command: '/bin/sh',
      sandbox: 4,
      env: { LINGERS_AS: mark },
    })
    expect(textOf(await gatehouse.call('lingering__linger'))).toBe('left')
    expect(running()).toBe(false)
    expect(wiped.at(-1)).toMatchObject({ complete: true })
  })

  it('is wiped although it closed a folder to itself, crashes, or fails', async () => {
    await add()
    await does('close')
    await expect(does('memory', { mb: 4000 })).rejects.toMatchObject({ code: 'server.crashed' })
    expect(leftIn(temp).filter((name) => name.includes('run-'))).toEqual([])
    expect(wiped.every(({ complete }) => complete)).toBe(true)
  })

  it('serves calls at the same time by processes that do not see each other', async () => {
    await add()
    const replies = await Promise.all(
      ['a', 'b', 'c'].map((name) => does('write', { path: join(folder, `${name}.txt`), text: name })),
    )
    for (const reply of replies as unknown as { result: { content: { text: string }[] } }[])
      expect(reply.result.content[1]?.text).toContain('changed 1 file')
    expect(readdirSync(folder)).toEqual(['letter.txt'])
  })

  it('gets no key of an allowed home, nothing of Gatehouse, and no place a link leads to', async () => {
    const home = join(base, 'home')
    const inside = join(home, 'data')
    for (const one of ['.ssh', 'data', 'papers']) mkdirSync(join(home, one), { recursive: true })
    writeFileSync(join(home, '.ssh/id_ed25519'), 'key')
    writeFileSync(join(inside, 'gatehouse.db'), 'data')
    writeFileSync(join(base, 'outside.txt'), 'outside')
    symlinkSync(join(base, 'outside.txt'), join(home, 'papers/link'))
    await sandbox.stop()
    sandbox = new SystemSandbox({ home, dataFolder: inside, serverTemp: temp })
    await gatehouse.end()
    gatehouse = aSupervisor({ sandbox })
    await add({ allowedPaths: [{ path: home, access: 'write' }] })
    expect(textOf(await does('list', { path: join(home, '.ssh') }))).toBe('')
    expect(textOf(await does('list', { path: inside }))).toBe('')
    expect(textOf(await does('read', { path: join(home, 'papers/link') }))).toBe('ENOENT')
  })

  it('is refused folders over 256 MB, in words, and nothing of the copy is left', async () => {
    execFileSync('truncate', ['-s', '257M', join(folder, 'film.mkv')])
    await expect(add()).rejects.toMatchObject({
      code: 'server.failed',
      params: { problem: expect.stringMatching(/more than the 256 MB that level 4 copies.*level 3/) },
    })
    expect(leftIn(temp).filter((name) => name.includes('run-'))).toEqual([])
  })

  it('cannot watch a resource, and says why', async () => {
    await add()
    await expect(gatehouse.call('greedy://one', {}, { method: 'resources/subscribe' })).rejects.toMatchObject({
      code: 'server.failed',
      params: { problem: expect.stringContaining('keeps nothing') },
    })
  })

  it('runs server-filesystem: a file it writes is gone with its copy', async () => {
    await gatehouse.add('files', [packagedServer('server-filesystem'), folder], {
      sandbox: 4,
      allowedPaths: [{ path: folder, access: 'write' }],
    })
    const path = join(folder, 'new.txt')
    const reply = await gatehouse.call('files__write_file', { path, content: 'hello' })
    expect(textOf(reply as never)).toContain('Successfully wrote')
    expect(existsSync(path)).toBe(false)
  })

  it('finds nothing of a former run that was killed before it could clear up', async () => {
    const left = join(temp, 'personal/greedy/run-call-1/home')
    mkdirSync(left, { recursive: true })
    writeFileSync(join(left, 'kept.txt'), 'secret')
    mkdirSync(join(temp, 'personal/greedy/home'))
    await wipeLeftovers(temp)
    expect(leftIn(temp)).toEqual(['personal', 'personal/greedy', 'personal/greedy/home'])
  })

  it('is described so that the person knows what a change is worth', () => {
    const described = sandbox.mayTouch(
      { sandbox: 4, allowedPaths: [{ path: folder, access: 'write' }], allowedHosts: [], secretNames: [] } as never,
      [],
    )
    expect(described.join('\n')).toMatch(/a copy of .*papers.*nothing it changes stays/)
    expect(described).toContain('No network')
  })
})
