import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../main/store/database.ts'
import { IncidentStore } from '../../main/supervisor/incidents/incident-store.ts'
import { Incidents } from '../../main/supervisor/incidents/incidents.ts'
import { Repairer, type Trial, type Workshop } from '../../main/supervisor/incidents/repairer.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { Incident } from '../../shared/domain/incident.ts'
import { sandboxUnavailable, serverFailed } from '../../shared/errors.ts'

const notes = 'notes' as ServerName
const day = 24 * 3_600_000

function someIncidents(db = openDatabase(':memory:'), startedAt = 0) {
  const clock = { ms: startedAt }
  const changes: Incident[] = []
  const incidents = new Incidents({
    store: new IncidentStore(db),
    now: () => clock.ms as EpochMs,
    redact: (text) => text.replaceAll('s3cret', '•••'),
    onChange: (incident) => changes.push(incident),
  })
  return { db, clock, incidents, changes }
}

describe('incidents', () => {
  it('gather every symptom of a server in one, without secrets, until it is over', () => {
    const { incidents, clock } = someIncidents()
    incidents.symptom(notes, 'crashed', 'it ended, the key is s3cret')
    clock.ms = 1_000
    incidents.symptom(notes, 'start-failed', 'again')
    incidents.close(notes, 'resolved')
    incidents.symptom(notes, 'crashed', 'once more')
    const [newest, first] = incidents.list({ server: notes })
    expect(first).toMatchObject({ status: 'resolved', openedAt: 0, closedAt: 1_000 })
    expect(first?.symptoms.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['crashed', 'it ended, the key is •••'],
      ['start-failed', 'again'],
    ])
    expect(newest).toMatchObject({ status: 'open', attempts: [] })
  })

  it('tell the mean time to repair and how many repairs worked', () => {
    const { incidents, clock } = someIncidents()
    for (const [tookMs, status] of [
      [4_000, 'resolved'],
      [8_000, 'resolved'],
      [60_000, 'escalated'],
    ] as const) {
      incidents.symptom(notes, 'crashed', '')
      clock.ms += tookMs
      incidents.close(notes, status)
    }
    expect(incidents.figures()).toEqual({
      open: 0,
      resolved: 2,
      escalated: 1,
      meanRepairMs: 6_000,
      successRate: 2 / 3,
    })
  })

  it('are kept for thirty days, over a restart, which ends what was open', () => {
    const { db, incidents } = someIncidents()
    incidents.symptom(notes, 'crashed', '')
    const again = someIncidents(db, 29 * day).incidents
    expect(again.list()[0]?.status).toBe('resolved')
    expect(someIncidents(db, 31 * day).incidents.list()).toEqual([])
  })

  it('are resolved by the person, once', () => {
    const { incidents } = someIncidents()
    const { id } = incidents.symptom(notes, 'crashed', '')
    expect(incidents.resolve(id).status).toBe('resolved')
    expect(() => incidents.resolve(id)).toThrow('input.invalid')
    expect(() => incidents.need('in_nothing')).toThrow('input.invalid')
  })
})

const well: Trial = { isWell: async () => true, end: async () => {} }
const sick: Trial = { isWell: async () => false, end: async () => {} }

/** A repair whose workshop does as the test says; every pause is over at once and noted. */
function aRepair(workshop: Partial<Workshop>) {
  const { incidents } = someIncidents()
  const pauses: number[] = []
  const told: string[] = []
  const mended: string[] = []
  const off: string[] = []
  let on = true
  const repairer = new Repairer({
    incidents,
    pause: async (ms) => void pauses.push(ms),
    tell: (sentence) => told.push(sentence),
    onError: (error) => {
      throw error
    },
    workshop: {
      isWanted: () => on,
      waitMs: () => 0,
      restart: async () => sick,
      recreate: async () => sick,
      lastGood: async () => undefined,
      disable: (_, reason) => {
        on = false
        off.push(reason)
        return true
      },
      mended: (server) => mended.push(server),
      ...workshop,
    },
  })
  const over = async () => {
    await expect.poll(() => incidents.openOf(notes)).toBeUndefined()
    return incidents.list()[0]
  }
  return { repairer, incidents, pauses, told, mended, off, over, switchOff: () => (on = false) }
}
const attempts = (incident: Incident | undefined) =>
  incident?.attempts.map(({ strategy, worked }) => [strategy, worked])

describe('a repair', () => {
  it('starts it again, looks after five seconds, and is done when it answers', async () => {
    const { repairer, over, pauses, mended, told } = aRepair({ restart: async () => well, waitMs: () => 500 })
    repairer.report(notes, 'crashed', 'it ended with code 1.')
    const incident = await over()
    expect(incident?.status).toBe('resolved')
    expect(attempts(incident)).toEqual([['restart', true]])
    expect(pauses).toEqual([500, 5_000])
    expect([mended, told]).toEqual([[notes], []])
  })

  it('goes on to a new sandbox, to the last good version, and ends with it switched off and the reason told', async () => {
    const last = 'it ended with code 3. It last said: “no config”'
    const failing = async () => {
      throw serverFailed(notes, last)
    }
    const { repairer, over, told, off } = aRepair({ restart: failing, lastGood: failing })
    repairer.report(notes, 'crashed', 'it ended with code 1.')
    const incident = await over()
    expect(incident).toMatchObject({ status: 'escalated', severity: 'critical' })
    expect(attempts(incident)).toEqual([
      ['restart', false],
      ['recreate-sandbox', false],
      ['last-good-version', false],
      ['disable', true],
    ])
    expect(off[0]).toContain('it ended with code 1.')
    expect(off[0]).toContain('no config')
    expect(told).toEqual([expect.stringContaining('“notes” was switched off.')])
  })

  it('leaves out what does not apply, and stops at the one that works', async () => {
    const { repairer, over } = aRepair({ recreate: async () => sick, lastGood: async () => well })
    repairer.report(notes, 'unresponsive', '')
    expect(attempts(await over())).toEqual([
      ['restart', false],
      ['recreate-sandbox', false],
      ['last-good-version', true],
    ])
  })

  it('does not go on when no start can help, such as without a sandbox', async () => {
    const { repairer, over } = aRepair({
      restart: async () => {
        throw sandboxUnavailable(notes, 'bubblewrap is missing', 'Install it.')
      },
    })
    repairer.report(notes, 'crashed', '')
    expect(attempts(await over())?.map(([strategy]) => strategy)).toEqual(['restart', 'disable'])
  })

  it('leaves a server elsewhere on, and says that it does not work', async () => {
    const { repairer, over, told } = aRepair({ disable: () => false })
    repairer.report(notes, 'unresponsive', '')
    expect((await over())?.status).toBe('escalated')
    expect(told[0]).toContain('“notes” does not work.')
  })

  it('is one at a time: a second symptom joins the first', async () => {
    let starts = 0
    const { repairer, over } = aRepair({
      restart: async () => {
        starts += 1
        return well
      },
    })
    repairer.report(notes, 'crashed', '')
    repairer.report(notes, 'unresponsive', '')
    expect((await over())?.symptoms.map(({ kind }) => kind)).toEqual(['crashed', 'unresponsive'])
    expect(starts).toBe(1)
  })

  it('stops when the person switches the server off meanwhile', async () => {
    const { repairer, over, switchOff, off } = aRepair({
      restart: async () => {
        switchOff()
        return sick
      },
    })
    repairer.report(notes, 'crashed', '')
    expect(attempts(await over())).toEqual([['restart', false]])
    expect(off).toEqual([])
  })

  it('ends as escalated when the server was switched off for ending too often', () => {
    const { repairer, incidents, told } = aRepair({ restart: () => new Promise(() => {}) })
    repairer.report(notes, 'crashed', '')
    repairer.gaveUp(notes, 'It stopped 6 times in a row: “boom”')
    expect(incidents.list()[0]).toMatchObject({ status: 'escalated' })
    expect(told[0]).toContain('It stopped 6 times in a row: “boom”')
  })
})
