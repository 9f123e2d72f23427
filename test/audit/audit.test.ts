import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditPort } from '../../main/kernel/ports.ts'
import type { LiveCall } from '../../shared/contract/sessions.ts'
import type { CallId, EntryName, ServerName, SessionId } from '../../shared/domain/ids.ts'
import { GatehouseError, policyDenied } from '../../shared/errors.ts'
import { type AuditFixture, aCall, anAuditFolder, answer } from './audit-fixture.ts'

const everything = { limit: 100 }
const allowed = {
  client: 'Editor',
  server: 'filesystem' as ServerName,
  entry: 'filesystem__write_file' as EntryName,
  decision: 'allow',
}

let place: AuditFixture
beforeEach(() => {
  place = anAuditFolder()
})
afterEach(() => place.remove())

describe('a call', () => {
  it('is recorded before its answer leaves', async () => {
    const audit = await place.open()
    await expect(audit.recorded(aCall(allowed), async () => answer)).resolves.toEqual(answer)
    const { entries, total } = audit.list(everything)
    expect(total).toBe(1)
    expect(entries[0]).toMatchObject({
      seq: 1,
      action: 'tools/call',
      decision: 'allow',
      client: 'Editor',
      server: 'filesystem',
      tool: 'filesystem__write_file',
      summary: 'Editor used filesystem__write_file',
    })
    await audit.stop()
  })

  it('is found by its id among those of its session, also where several were made at once', async () => {
    const audit = await place.open()
    const call = (id: string) => aCall({ ...allowed, sessionId: 'se_1' as SessionId }, { callId: id as CallId })
    const ids = ['ca_1', 'ca_2', 'ca_3']
    await Promise.all(ids.map((id) => audit.recorded(call(id), async () => answer)))
    audit.intend(call('ca_4'))
    const at = Date.now()
    const entryOf = (id: string, more = {}) => audit.ofCall({ call: id, session: 'se_1', at, ...more })
    expect([...ids, 'ca_4'].map((id) => entryOf(id))).toEqual([1, 2, 3, 4])
    expect([entryOf('ca_9'), entryOf('ca_1', { session: 'se_2' }), entryOf('ca_1', { at: 0 })]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    await audit.stop()
  })

  it('is recorded with its code when it is refused', async () => {
    const audit = await place.open()
    const refused = audit.recorded(aCall({ client: 'Editor' }), async () => {
      throw policyDenied('filesystem__write_file', 'no writes')
    })
    await expect(refused).rejects.toMatchObject({ code: 'policy.denied' })
    expect(audit.list(everything).entries[0]).toMatchObject({ decision: 'deny', code: 'policy.denied' })
    await audit.stop()
  })

  it('that began but whose end cannot be recorded is said to may have had an effect, and its answer is withheld', async () => {
    const audit = await place.open()
    const call = aCall(allowed)
    const lost = audit.recorded(call, async () => {
      audit.intend(call)
      await audit.stop()
      return answer
    })
    await expect(lost).rejects.toMatchObject({ code: 'audit.lost' })
  })

  it('fails closed when something unexpected happens, and names only a reference', async () => {
    const logged: string[] = []
    const audit = await place.open({ onUnexpected: (reference, error) => logged.push(`${reference} ${error}`) })
    const crashed = audit.recorded(aCall(), async () => {
      throw new TypeError('secret detail')
    })
    const error = await crashed.catch((caught: GatehouseError) => caught)
    expect(error).toBeInstanceOf(GatehouseError)
    expect(error).toMatchObject({ code: 'internal.unexpected' })
    const reference = (error as GatehouseError).params.reference ?? ''
    expect(logged).toEqual([`${reference} TypeError: secret detail`])
    expect(readFileSync(join(place.folder, '000001.jsonl'), 'utf8')).not.toContain('secret detail')
    expect(audit.list(everything).entries[0]).toMatchObject({ severity: 'critical', code: 'internal.unexpected' })
    await audit.stop()
  })

  it('that was refused before it was judged keeps 4 KB of its arguments, and commits to all of them', async () => {
    const audit = await place.open()
    const args = { text: 'x'.repeat(100_000) }
    const refuse = async (call: ReturnType<typeof aCall>) => {
      const refused = audit.recorded(call, async () => {
        throw new GatehouseError('arguments.invalid', { entry: 'x', problem: 'too long' })
      })
      await expect(refused).rejects.toMatchObject({ code: 'arguments.invalid' })
      return audit.show(audit.size, 'a test')
    }
    const unjudged = await refuse(aCall({ client: 'Editor' }, { arguments: args }))
    const sizeBytes = JSON.stringify(args).length
    expect(unjudged.arguments).toEqual({
      truncated: true,
      beginning: JSON.stringify(args).slice(0, 4096),
      sizeBytes,
    })
    const judged = await refuse(aCall({ client: 'Editor', decision: 'ask' }, { arguments: args }))
    expect(judged.arguments).toEqual(args)
    expect((await audit.verify()).valid).toBe(true)
    await audit.stop()
  })

  it('of another method that was awaited is recorded as that method', async () => {
    const audit = await place.open()
    await audit.recorded(aCall({ ...allowed, method: 'resources/read' }), async () => answer)
    expect(audit.list(everything).entries[0]).toMatchObject({ action: 'resources/read' })
    await audit.stop()
  })

  it('gives back what its stages took, however it ends', async () => {
    const audit = await place.open()
    const given: string[] = []
    const call = aCall()
    call.trail.onEnd(() => given.push('slot'))
    call.trail.onEnd(() => {
      throw new Error('broken release')
    })
    call.trail.onEnd(() => given.push('lease'))
    await audit
      .recorded(call, async () => {
        throw policyDenied('x', 'y')
      })
      .catch(() => {})
    expect(given).toEqual(['lease', 'slot'])
    await audit.stop()
  })

  it('leaves an intent before its effect, and shows its arguments and result', async () => {
    const audit = await place.open()
    const call = aCall({ ...allowed, arguments: { path: 'notes.md', content: 'hi' } })
    await audit.recorded(call, async () => {
      audit.intend(call)
      expect(readFileSync(join(place.folder, '000001.jsonl'), 'utf8')).toContain('"action":"intent"')
      return answer
    })
    expect(audit.list(everything).entries.map((entry) => entry.action)).toEqual(['tools/call', 'intent'])
    expect(audit.show(2, 'window')).toMatchObject({
      seq: 2,
      arguments: { path: 'notes.md', content: 'hi' },
      result: answer,
    })
    expect(audit.list(everything).entries[0]).toMatchObject({ action: 'audit.show' })
    await audit.stop()
  })

  it('that Gatehouse did not live to see the end of is named once at the next start', async () => {
    const audit = await place.open()
    const finished = aCall(allowed)
    await audit.recorded(finished, async () => {
      audit.intend(finished)
      return answer
    })
    audit.intend(aCall(allowed))
    await audit.stop()
    for (const _ of [1, 2]) {
      const after = await place.open()
      expect(after.list(everything).entries.map((entry) => entry.action)).toEqual([
        'interrupted',
        'intent',
        'tools/call',
        'intent',
      ])
      expect(after.list(everything).entries[0]?.summary).toBe(
        'Editor was using filesystem__write_file when Gatehouse stopped; whether it was done is not known',
      )
      await after.stop()
    }
  })

  it('is shown live, without arguments', async () => {
    const live: LiveCall[] = []
    const audit = await place.open({ onCall: (call) => live.push(call) })
    const call = aCall()
    await audit.recorded(call, async () => {
      call.trail.note({ client: 'Editor' })
      call.trail.note({ decision: 'ask' })
      call.trail.note({ stage: 'waiting' })
      call.trail.note({ decision: 'allow' })
      call.trail.note({ stage: 'running' })
      return answer
    })
    expect(live.map((shown) => shown.stage)).toEqual(['received', 'waiting', 'running', 'done'])
    expect(JSON.stringify(live)).not.toContain('notes.md')
    expect(audit.calls().map((shown) => shown.stage)).toEqual(['done'])
    await audit.stop()
  })

  it('finds in the log what the kernel needs of it', async () => {
    const audit = await place.open()
    const port: AuditPort = audit
    expect(port.recorded).toBeTypeOf('function')
    await audit.stop()
  })

  it('is refused once the log has stopped', async () => {
    const audit = await place.open()
    await audit.stop()
    const reached: string[] = []
    const late = audit.recorded(aCall(), async () => {
      reached.push('server')
      return answer
    })
    await expect(late).rejects.toMatchObject({ code: 'audit.unwritable' })
    expect(reached).toEqual([])
  })

  it('whose door made no trail of ours is refused', async () => {
    const audit = await place.open()
    const call = aCall({}, { trail: { note: () => {}, onEnd: () => {}, lap: () => {} } })
    await expect(audit.recorded(call, async () => answer)).rejects.toMatchObject({ code: 'internal.unexpected' })
    await audit.stop()
  })
})

describe('contents', () => {
  it('never lie in the clear, neither in the journal nor in the database', async () => {
    const secret = `planted-${randomBytes(8).toString('hex')}`
    const audit = await place.open()
    const call = aCall({ ...allowed, arguments: { token: secret } })
    await audit.recorded(call, async () => {
      audit.intend(call)
      return { kind: 'result', result: { echoed: secret } }
    })
    await audit.recorded(aCall({}, { arguments: { unjudged: secret } }), async () => answer)
    audit.append({ action: 'grant.given', severity: 'notice', summary: 'A grant', contents: { path: secret } })
    await audit.stop()
    place.database().pragma('wal_checkpoint(TRUNCATE)')
    const files = readdirSync(place.home, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    expect(files.length).toBeGreaterThan(3)
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name))
      expect(bytes.includes(secret), file.name).toBe(false)
      expect(bytes.includes(Buffer.from(secret).toString('base64').slice(0, 20)), file.name).toBe(false)
    }
  })

  it('of any size are committed to, and kept up to a limit', async () => {
    const audit = await place.open()
    const long = 'x'.repeat(1_000_000)
    await audit.recorded(aCall(), async () => ({ kind: 'result', result: { long } }))
    expect(audit.show(1, 'window').result).toMatchObject({ truncated: true, sizeBytes: 1_000_038 })
    expect((await audit.verify()).valid).toBe(true)
    await audit.stop()
  })

  it('cannot be moved to another entry', async () => {
    const audit = await place.open()
    for (const value of ['one', 'two']) await audit.recorded(aCall({ arguments: { value } }), async () => answer)
    const lines = readFileSync(join(place.folder, '000001.jsonl'), 'utf8').trimEnd().split('\n')
    const boxes = lines.map((line) => /"boxes":\{"contents":"([^"]+)"/.exec(line)?.[1] ?? '')
    expect(boxes[0]).not.toBe(boxes[1])
    await audit.stop()
  })
})

describe('the list', () => {
  it('is filtered, paged and searched by words, never by values', async () => {
    const audit = await place.open()
    for (const client of ['Editor', 'Șef', 'Editor'])
      await audit.recorded(aCall({ ...allowed, client, arguments: { hidden: 'needle' } }), async () => answer)
    audit.append({ action: 'pair', severity: 'notice', summary: 'Paired "Zed"', client: 'Zed' })
    const seqs = (filter: object) => audit.list({ ...everything, ...filter }).entries.map((entry) => entry.seq)
    expect(seqs({ client: 'Editor' })).toEqual([3, 1])
    expect(seqs({ before: 3 })).toEqual([2, 1])
    expect(seqs({ text: 'sef' })).toEqual([2])
    expect(seqs({ text: 'filesys write' })).toEqual([3, 2, 1])
    expect(seqs({ text: 'pair NOT "' })).toEqual([])
    expect(seqs({ text: 'needle' })).toEqual([])
    expect(audit.list({ limit: 1, server: 'filesystem' })).toMatchObject({ total: 3, entries: [{ seq: 3 }] })
    await audit.stop()
  })

  it('is filled again from the journal when the database is lost', async () => {
    const audit = await place.open()
    for (let i = 0; i < 450; i++) audit.append({ action: 'test', severity: 'info', summary: `entry ${i}` })
    await audit.stop()
    const db = place.database()
    db.exec('DELETE FROM audit_entry WHERE seq > 300')
    const partly = await place.open({ db })
    expect(partly.list(everything).total).toBe(450)
    await partly.stop()
    db.exec(`DELETE FROM audit_entry; INSERT INTO audit_text (audit_text) VALUES ('delete-all')`)
    const wholly = await place.open({ db })
    expect(wholly.list(everything).total).toBe(450)
    expect(wholly.list({ ...everything, text: '449' }).total).toBe(1)
    await wholly.stop()
  })
})

describe('an export', () => {
  it('as jsonl can be verified elsewhere; as csv runs nothing; as cef is escaped', async () => {
    const audit = await place.open()
    audit.append({ action: 'pair', severity: 'warning', summary: '=HYPERLINK("http://evil")', client: 'a|b=c\\' })
    const file = join(place.folder, '000001.jsonl')
    const exported = (await audit.exportPiece('jsonl')).text
    expect(exported.startsWith(readFileSync(file, 'utf8'))).toBe(true)
    expect(exported.trimEnd().split('\n')).toHaveLength(2)
    expect((await audit.exportPiece('csv')).text.split('\n')[1]).toContain(`"'=HYPERLINK(""http://evil"")"`)
    const { text } = await audit.exportPiece('cef')
    expect(text).toContain('|=HYPERLINK("http://evil")|7|')
    expect(text).toContain('suser=a|b\\=c\\\\')
    await audit.stop()
  })

  it.each(['jsonl', 'csv'] as const)(
    'of a long log as %s comes in pieces that make up the whole, across its files',
    async (format) => {
      const audit = await place.open({ largestSegmentBytes: 3 * 1024 * 1024 })
      const contents = { text: 'x'.repeat(200_000) }
      for (let i = 0; i < 60; i++)
        audit.append({ action: 'test', severity: 'info', summary: `entry ${i} ${'y'.repeat(400)}`, contents })
      const pieces: string[] = []
      for (let from: number | undefined, ended = false; !ended; ) {
        const piece = await audit.exportPiece(format, from)
        pieces.push(piece.text)
        from = piece.next
        ended = from === undefined
      }
      const lines = pieces.join('').trim().split('\n')
      if (format === 'csv') expect(lines.shift()).toMatch(/^seq,time/)
      else expect(pieces.length).toBeGreaterThan(2)
      const numbers = lines
        .filter((line) => !line.startsWith('{"signedHead"'))
        .map((line) => Number(/"seq":(\d+)/.exec(line)?.[1] ?? line.split(',')[0]))
      expect(numbers).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
      for (const piece of pieces) expect(piece.length).toBeLessThan(5 * 1024 * 1024)
      await audit.stop()
    },
  )
})

describe('a disk', () => {
  it('that is nearly full refuses effects, and still records reads and refusals', async () => {
    const audit = await place.open({ freeDisk: () => ({ freeBytes: 4, totalBytes: 100 }) })
    const call = aCall(allowed)
    const reached: string[] = []
    const refused = audit.recorded(call, async () => {
      audit.intend(call)
      reached.push('server')
      return answer
    })
    await expect(refused).rejects.toMatchObject({ code: 'audit.unwritable' })
    expect(reached).toEqual([])
    await expect(audit.recorded(aCall(allowed), async () => answer)).resolves.toEqual(answer)
    expect(audit.list(everything).total).toBe(2)
    await audit.stop()
  })
})
