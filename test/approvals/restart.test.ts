import { describe, expect, it } from 'vitest'
import { aCall, aDesk, editor, settled } from './a-desk.ts'

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: { code?: string }) => error.code,
  )

async function askedAndToldToWait() {
  const desk = aDesk()
  const cleared = codeOf(desk.approvals.clear(aCall()))
  const { id } = await desk.question()
  await desk.clock.pass(45_000)
  await cleared
  return { desk, id }
}

describe('a restart', () => {
  it('ends held calls with a clear error and shows their question again, still answerable', async () => {
    const desk = aDesk()
    const cleared = codeOf(desk.approvals.clear(aCall()))
    const before = await desk.question()
    const next = await desk.restarted()
    expect(await cleared).toBe('app.draining')
    expect(next.asked).toMatchObject([{ id: before.id, title: before.title, count: 1 }])
    await next.allow(before.id)
    await expect(next.approvals.clear(aCall())).resolves.toMatchObject({ by: 'approval', id: before.id })
  })

  it('expires what ran out meanwhile, and keeps the rest of the time', async () => {
    const { desk, id } = await askedAndToldToWait()
    desk.clock.setWall(desk.clock.now() + 200_000)
    const next = await desk.restarted()
    expect(next.approvals.pending()).toHaveLength(1)
    await next.clock.pass(60_000)
    expect(next.approvals.show(id).state).toBe('expired')
    const { desk: late, id: lateId } = await askedAndToldToWait()
    late.clock.setWall(late.clock.now() + 300_000)
    expect((await late.restarted()).approvals.show(lateId).state).toBe('expired')
  })

  it('does not lengthen a question’s life when the clock was set back', async () => {
    const { desk, id } = await askedAndToldToWait()
    desk.clock.setWall(desk.clock.now() - 86_400_000)
    const next = await desk.restarted()
    await next.clock.pass(300_000)
    expect(next.approvals.show(id).state).toBe('expired')
  })

  it('keeps an answer that was not used yet, for one call', async () => {
    const { desk, id } = await askedAndToldToWait()
    await desk.allow(id)
    const next = await desk.restarted()
    await expect(next.approvals.clear(aCall())).resolves.toMatchObject({ id })
    const last = await next.restarted()
    last.approvals.clear(aCall()).catch(() => {})
    await settled()
    expect(last.approvals.pending()).toHaveLength(1)
  })
})

describe('a client with a shell and the database file', () => {
  const columns = 'state, decided_at, releases, release_until'

  it('gains nothing by editing a pending row to approved', async () => {
    const { desk, id } = await askedAndToldToWait()
    desk.approvals.stop()
    desk.db
      .prepare(`UPDATE approval SET (${columns}) = ('approved', ?, 5, ?) WHERE id = ?`)
      .run(desk.clock.now(), desk.clock.now() + 600_000, id)
    const next = await desk.restarted()
    expect(next.tampered).toContain(id)
    next.approvals.clear(aCall()).catch(() => {})
    await settled()
    expect(next.approvals.pending()).toHaveLength(1)
    expect(() => next.approvals.held(id, editor)).toThrow('approvals.unknown')
  })

  it('gains nothing by editing rows while the app runs', async () => {
    const { desk, id } = await askedAndToldToWait()
    desk.db
      .prepare(`UPDATE approval SET (${columns}) = ('approved', ?, 5, ?) WHERE id = ?`)
      .run(desk.clock.now(), desk.clock.now() + 600_000, id)
    desk.approvals.clear(aCall()).catch(() => {})
    await settled()
    expect(desk.approvals.pending()).toMatchObject([{ id }])
  })

  it('gains nothing by putting a used approval’s row back', async () => {
    const { desk, id } = await askedAndToldToWait()
    await desk.allow(id)
    const row = desk.db.prepare('SELECT * FROM approval WHERE id = ?').get(id) as Record<string, unknown>
    expect(row.releases).toBe(1)
    await desk.approvals.clear(aCall())
    const names = Object.keys(row)
    desk.db
      .prepare(`INSERT OR REPLACE INTO approval (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`)
      .run(row)
    const next = await desk.restarted()
    expect(next.tampered).toEqual([])
    next.approvals.clear(aCall()).catch(() => {})
    await settled()
    expect(next.approvals.pending()).toHaveLength(1)
  })

  it('gains nothing by copying an approval to other arguments', async () => {
    const { desk, id } = await askedAndToldToWait()
    await desk.allow(id)
    const wanted = codeOf(desk.approvals.clear(aCall({ path: 'evil.md', content: 'x' })))
    const question = await desk.question()
    desk.db
      .prepare('UPDATE approval SET binding = (SELECT binding FROM approval WHERE id = ?) WHERE id = ?')
      .run(question.id, id)
    const next = await desk.restarted()
    expect(await wanted).toBe('app.draining')
    expect(next.tampered).toContain(id)
    next.approvals.clear(aCall({ path: 'evil.md', content: 'x' })).catch(() => {})
    await settled()
    expect(next.approvals.pending().map(({ id }) => id)).toEqual([question.id])
  })

  it('reads no arguments in it', async () => {
    const desk = aDesk()
    desk.approvals.clear(aCall({ path: 'notes.md', content: 'the secret plan' })).catch(() => {})
    await desk.question()
    const rows = JSON.stringify(desk.db.prepare('SELECT * FROM approval').all())
    expect(rows).not.toContain('secret plan')
  })
})
