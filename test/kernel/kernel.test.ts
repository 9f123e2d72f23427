import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import { handle } from '../../main/kernel/kernel.ts'
import type { KernelParts } from '../../main/kernel/ports.ts'
import { Rounds } from '../../main/kernel/rounds.ts'
import { Limits } from '../../main/limits/limits.ts'
import type { AllowedPath } from '../../shared/domain/folder-rights.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { approvalDenied } from '../../shared/errors.ts'
import { aCall, aSession, editor, theFilesystem } from '../permissions/a-call.ts'
import { somePermissions } from '../permissions/some-permissions.ts'
import { aReceived, noFlow } from './an-exchange.ts'

let root: string
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'kernel-')))
  mkdirSync(join(root, 'notes'))
  symlinkSync('/etc', join(root, 'notes/door'))
})
afterEach(() => void vi.useRealTimers())
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The whole line with real filters, permissions and limits; the person, the catalog and the server are stand-ins. */
function aKernel(
  tool: string,
  answer: 'yes' | 'no' = 'no',
  secrets: readonly string[] = [],
  records = { isSound: () => true },
  folder: Partial<AllowedPath> = {},
  whileAsked = () => {},
) {
  const server = theFilesystem({ allowedPaths: [{ path: join(root, 'notes'), access: 'write', ...folder }] })
  const { entry } = aCall({ server, tool })
  const happened: string[] = []
  const paths = new Paths(thisPlatform(root))
  const limits = new Limits()
  const parts: KernelParts = {
    audit: { recorded: (_, work) => work(), intend: () => happened.push('intent') },
    records,
    clients: { identify: () => ({ client: editor, session: aSession() }), beyondKey: () => undefined },
    limits,
    cells: { requireFor: () => {} },
    catalog: { resolve: () => ({ server, entry }), isForeign: () => false, check: () => undefined },
    filters: defaultFilters({ knownValues: () => secrets, paths }),
    rounds: new Rounds(),
    flow: noFlow,
    permissions: somePermissions({ folders: paths }).permissions,
    approvals: {
      held: () => {
        throw new Error('nothing is held')
      },
      clear: async ({ verdict }) => {
        if (verdict.effect === 'allow') return { by: 'rule' }
        happened.push('asked')
        whileAsked()
        if (answer === 'no') throw approvalDenied(entry.name, 'Not now.')
        return { by: 'approval', id: 'ap_1' }
      },
      confirm: () => {},
    },
    credentials: { lease: async () => ({}) },
    servers: {
      dispatch: async ({ canonical }) => {
        happened.push(`reached with ${canonical}`)
        return { kind: 'result', result: { content: [{ type: 'text', text: `done, ${secrets.join()}` }] } }
      },
      endSession: () => {},
    },
  }
  const call = async (args: JsonObject) => {
    const { received, ended } = aReceived(args)
    try {
      return await handle(received, parts)
    } finally {
      for (const end of ended) end()
    }
  }
  return { call, happened, load: () => limits.load(server.name) }
}

it('reads inside an allowed folder without a question or an intent', async () => {
  const kernel = aKernel('read_text_file')
  await expect(kernel.call({ path: 'a.md' })).resolves.toMatchObject({ kind: 'result' })
  expect(kernel.happened).toEqual(['reached with {"path":"a.md"}'])
})

it('never reaches the server for a path outside, however it is written', async () => {
  const kernel = aKernel('read_text_file', 'yes')
  for (const path of ['/etc/passwd', '../x', 'door/passwd', '~/x', 'file:///etc/passwd', 'a\0b'])
    await expect(kernel.call({ path })).rejects.toMatchObject({ code: 'policy.denied' })
  expect(kernel.happened).toEqual([])
})

it('asks before a write, leaves an intent, and reaches the server once the person agrees', async () => {
  const kernel = aKernel('write_file', 'yes')
  await kernel.call({ path: 'a.md', content: 'hi' })
  expect(kernel.happened).toEqual(['asked', 'intent', 'reached with {"content":"hi","path":"a.md"}'])
})

it('does nothing when the person does not agree, and holds no slot', async () => {
  const kernel = aKernel('write_file')
  await expect(kernel.call({ path: 'a.md' })).rejects.toMatchObject({ code: 'approvals.denied' })
  expect(kernel.happened).toEqual(['asked'])
  expect(kernel.load()).toEqual({ running: 0, waiting: 0 })
})

it('lets no secret in through arguments and none out through an answer', async () => {
  const kernel = aKernel('read_text_file', 'yes', ['correct horse battery'])
  await expect(kernel.call({ path: 'correct horse battery' })).rejects.toMatchObject({ code: 'filters.blocked' })
  expect(kernel.happened).toEqual([])
  expect(JSON.stringify(await kernel.call({ path: 'a.md' }))).not.toContain('horse')
})

it('refuses arguments two programs could read differently before anything looks at them', async () => {
  const kernel = aKernel('read_text_file')
  await expect(kernel.call(JSON.parse('{"path":"a.md","__proto__":{}}'))).rejects.toMatchObject({
    code: 'arguments.unsafe',
  })
  expect(kernel.happened).toEqual([])
})

it('knows nobody while the records that give rights are not as they were left', async () => {
  const kernel = aKernel('read_text_file', 'yes', [], { isSound: () => false })
  await expect(kernel.call({ path: 'a.md' })).rejects.toMatchObject({ code: 'store.tampered' })
  expect(kernel.happened).toEqual([])
})

it('does not send what was agreed to when the folder ended while the person was asked', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000 })
  const until = { until: 5_000 as EpochMs }
  const inTime = aKernel('write_file', 'yes', [], undefined, until)
  await inTime.call({ path: 'a.md', content: 'hi' })
  expect(inTime.happened.at(-1)).toContain('reached')
  const late = aKernel('write_file', 'yes', [], undefined, until, () => vi.setSystemTime(5_000))
  await expect(late.call({ path: 'a.md', content: 'hi' })).rejects.toMatchObject({ code: 'policy.denied' })
  expect(late.happened).toEqual(['asked'])
})

it('refuses what the rights of a folder leave out, before anybody is asked', async () => {
  const access = ['list', 'create'] as const
  for (const [tool, args] of [
    ['read_text_file', { path: 'a.md' }],
    ['delete_file', { path: 'a.md' }],
    ['edit_file', { path: 'a.md', edits: [] }],
    ['move_file', { source: 'a.md', destination: 'b.md' }],
    ['a_new_tool', { path: 'a.md' }],
  ] as const) {
    const kernel = aKernel(tool, 'yes', [], undefined, { access })
    await expect(kernel.call(args), tool).rejects.toMatchObject({ code: 'policy.denied' })
    expect(kernel.happened).toEqual([])
  }
  const listing = aKernel('list_directory', 'no', [], undefined, { access })
  await listing.call({ path: '.' })
  const writing = aKernel('write_file', 'yes', [], undefined, { access })
  await writing.call({ path: 'new.md', content: 'hi' })
  expect([listing.happened.length, writing.happened[0]]).toEqual([1, 'asked'])
})

it('has nothing to do with a folder whose time is over, and with none inside a wider one', async () => {
  const kernel = aKernel('read_text_file', 'yes', [], undefined, { ended: true })
  await expect(kernel.call({ path: 'a.md' })).rejects.toMatchObject({ code: 'policy.denied' })
  expect(kernel.happened).toEqual([])
  const paths = new Paths(thisPlatform(root))
  const wide = { path: root, access: 'write' } as const
  const over = { path: join(root, 'notes'), access: 'read', until: 1 as EpochMs } as const
  expect(paths.allowedBy(join(root, 'notes/a.md'), [wide, over])).toBe(over)
})
