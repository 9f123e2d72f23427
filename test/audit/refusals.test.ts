import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../main/audit/audit.ts'
import { Refusals } from '../../main/audit/refusals.ts'
import { FakeClock } from '../approvals/a-desk.ts'

const minute = 60_000

function someRefusals(append?: () => never) {
  const clock = new FakeClock()
  const written: AuditEvent[] = []
  const problems: unknown[] = []
  const refusals = new Refusals(
    append ?? ((event) => written.push(event)),
    (problem) => problems.push(problem),
    clock.after,
  )
  const refuse = (client?: string, times = 1) => {
    for (let n = 0; n < times; n++)
      refusals.note({ action: 'bridge.refused', what: 'was refused', ...(client ? { client } : {}) })
  }
  return { clock, written, problems, refusals, refuse, said: () => written.map(({ summary }) => summary) }
}

describe('refusals', () => {
  it('are recorded at once, and then counted and told once a minute', async () => {
    const { clock, refuse, said, written } = someRefusals()
    refuse('Editor')
    expect(written).toMatchObject([
      { action: 'bridge.refused', decision: 'deny', client: 'Editor', severity: 'warning' },
    ])
    refuse('editor', 1_000)
    expect(said()).toEqual(['Editor was refused'])
    await clock.pass(minute)
    expect(said()).toEqual(['Editor was refused', 'Editor was refused (1000 times within a minute)'])
    refuse('Editor')
    expect(said()).toHaveLength(2)
    await clock.pass(minute)
    await clock.pass(minute)
    expect(said()).toHaveLength(3)
    refuse('Editor')
    expect(said()).toHaveLength(4)
  })

  it('under ever new names are merged under none', async () => {
    const { clock, refusals, said } = someRefusals()
    for (let n = 0; n < 5_000; n++) refusals.note({ action: 'bridge.refused', what: 'was refused', client: `App ${n}` })
    expect(said()).toHaveLength(21)
    await clock.pass(minute)
    expect(said()).toHaveLength(22)
    expect(said().at(-1)).toBe('Someone was refused (4979 times within a minute)')
  })

  it('that were counted are told before the app ends', () => {
    const { refuse, refusals, said } = someRefusals()
    refuse('Editor', 3)
    refusals.stop()
    expect(said()).toEqual(['Editor was refused', 'Editor was refused (2 times within a minute)'])
  })

  it('that cannot be recorded are said to the log, and stay refusals', () => {
    const { refuse, problems } = someRefusals(() => {
      throw new Error('disk full')
    })
    refuse('Editor')
    expect(problems).toHaveLength(1)
  })

  it('show a name as one plain line', () => {
    const { refuse, written } = someRefusals()
    refuse(`Edi\ntor${'x'.repeat(500)}`)
    expect(written[0]?.client).toMatch(/^Edi�torx{121}…$/)
  })
})
