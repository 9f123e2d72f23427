import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../main/approvals/approval.ts'
import { filePreview } from '../../main/approvals/file-preview.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aCall, aDesk, anEntry, aServer } from './a-desk.ts'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-preview-')))
})

const call = (tool: string, args: JsonObject, name = 'notes.md') =>
  aCall({ path: name, ...args }, { entry: anEntry({ ownName: tool }), real: join(folder, name) })

const shown = async (tool: string, args: JsonObject, name?: string) =>
  (await filePreview(call(tool, args, name)))?.diff?.lines.map(({ kind, text }) => `${kind} ${text}`)

describe('a preview', () => {
  it('of a new file shows every line and expects it to be absent', async () => {
    const preview = await filePreview(call('write_file', { content: 'one\ntwo' }))
    expect(preview).toEqual({
      diff: {
        path: join(folder, 'notes.md'),
        lines: [
          { kind: 'added', text: 'one' },
          { kind: 'added', text: 'two' },
        ],
        truncated: false,
      },
      expectContent: { path: join(folder, 'notes.md'), sha256: 'absent' },
    })
  })

  it('of an overwritten file shows what goes and what comes', async () => {
    writeFileSync(join(folder, 'notes.md'), 'a\nb\nc')
    expect(await shown('write_file', { content: 'a\nB\nc' })).toEqual(['same a', 'removed b', 'added B', 'same c'])
  })

  it('of an edit applies the edits as the file server does', async () => {
    writeFileSync(join(folder, 'notes.md'), '  if (x) {\r\n    go()\r\n  }\r\n')
    const edits = [{ oldText: 'if (x) {\ngo()', newText: 'if (y) {\nrun()' }]
    expect(await shown('edit_file', { edits })).toEqual([
      'removed   if (x) {\r',
      'removed     go()\r',
      'removed   }\r',
      'added   if (y) {',
      'added run()',
      'added   }',
      'same ',
    ])
  })

  it('of an edit replaces text literally, without patterns', async () => {
    writeFileSync(join(folder, 'notes.md'), 'price')
    expect(await shown('edit_file', { edits: [{ oldText: 'price', newText: '$& $1' }] })).toEqual([
      'removed price',
      'added $& $1',
    ])
  })

  it('of a deletion shows what is lost', async () => {
    writeFileSync(join(folder, 'notes.md'), 'gone')
    expect(await shown('delete_file', {})).toEqual(['removed gone'])
  })

  it('is not made for a dry run, another server or a file outside the allowed folders', async () => {
    writeFileSync(join(folder, 'notes.md'), 'x')
    expect(await filePreview(call('edit_file', { dryRun: true, edits: [] }))).toBeUndefined()
    expect(await filePreview(call('read_text_file', {}))).toBeUndefined()
    const foreign = aServer({ origin: { kind: 'command', command: 'x', args: [] } })
    expect(await filePreview(aCall({ path: 'a' }, { server: foreign }))).toBeUndefined()
    const outside = call('write_file', { content: 'x' })
    const paths = outside.paths.map(({ allowedBy: _, ...rest }) => rest)
    expect(await filePreview({ ...outside, paths })).toBeUndefined()
  })

  it('pins a large or binary file without showing it', async () => {
    const binary = Buffer.from([1, 0, 2])
    writeFileSync(join(folder, 'notes.md'), binary)
    const expectContent = { path: join(folder, 'notes.md'), sha256: sha256(binary) }
    expect(await filePreview(call('write_file', { content: 'x' }))).toEqual({ expectContent })
    writeFileSync(join(folder, 'notes.md'), 'x'.repeat(300_000))
    expect((await filePreview(call('delete_file', {})))?.diff).toBeUndefined()
  })

  it('never opens a folder or follows a link at the last name', async () => {
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, 'secret'), 'secret')
    symlinkSync(join(folder, 'secret'), join(folder, 'link'))
    expect(await filePreview(call('write_file', { content: 'x' }, 'sub'))).toBeUndefined()
    expect(await filePreview(call('write_file', { content: 'x' }, 'link'))).toBeUndefined()
  })
})

describe('an approved change', () => {
  const approved = async (content: string) => {
    const desk = aDesk()
    const write = call('write_file', { content })
    Object.assign(desk.now, { server: write.server, entry: write.entry })
    const cleared = desk.approvals.clear(write)
    const question = await desk.question()
    await desk.allow(question.id)
    return { desk, write, clearance: await cleared, question }
  }

  it('counts only for the file the diff was made from', async () => {
    writeFileSync(join(folder, 'notes.md'), 'old')
    const { desk, write, clearance } = await approved('new')
    expect(() => desk.approvals.confirm(write, clearance)).not.toThrow()
    writeFileSync(join(folder, 'notes.md'), 'changed meanwhile')
    expect(() => desk.approvals.confirm(write, clearance)).toThrow('approvals.stale')
  })

  it('that would create a file does not overwrite one that appeared', async () => {
    const { desk, write, clearance } = await approved('new')
    writeFileSync(join(folder, 'notes.md'), 'someone else’s')
    expect(() => desk.approvals.confirm(write, clearance)).toThrow('approvals.stale')
  })

  it('says when there is nothing to show', async () => {
    writeFileSync(join(folder, 'notes.md'), Buffer.from([0]))
    const { question } = await approved('new')
    expect(question.reasons).toContain('The file is too large or not text, so no preview can be shown.')
  })
})
