import { describe, expect, it } from 'vitest'
import { AlertWorld } from './a-world.ts'

const minute = 60
const day = 86_400

describe('an alert', () => {
  it('opens when a server is down, is told once, and resolves by itself when the server is up', () => {
    const world = new AlertWorld().goes('notes', 'down').after(15).after(15).after(15)
    expect(world.open()).toEqual(['server-down notes'])
    expect(world.told).toEqual(['opened critical notes → desktop'])
    world.goes('notes', 'up').after(15)
    expect(world.only()).toMatchObject({ state: 'resolved', resolvedBy: 'itself', holds: false })
    expect(world.told.at(-1)).toBe('resolved critical notes → desktop')
    expect(world.recorded).toEqual(['opened server-down notes', 'resolved server-down notes'])
  })

  it('is one for each server', () => {
    const world = new AlertWorld().goes('notes', 'down').goes('files', 'down').goes('web', 'up').after(15)
    expect(world.open().sort()).toEqual(['server-down files', 'server-down notes'])
  })

  it('is the same one when its condition comes back while it cools down, and tells nobody of it', () => {
    const world = new AlertWorld()
    for (let n = 0; n < 10; n++) world.goes('notes', 'down').after(30).goes('notes', 'up').after(30)
    expect(world.all()).toHaveLength(1)
    expect(world.only()).toMatchObject({ state: 'resolved', returned: 9 })
    expect(world.told).toEqual(['opened critical notes → desktop', 'resolved critical notes → desktop'])
    world
      .after(16 * minute)
      .goes('notes', 'down')
      .after(15)
    expect(world.all()).toHaveLength(2)
    expect(world.told.at(-1)).toBe('opened critical notes → desktop')
  })

  it('is told again when it came back while it cooled down, and stays', () => {
    const world = new AlertWorld().goes('notes', 'down').after(15).goes('notes', 'up').after(15)
    world.goes('notes', 'down').after(15)
    expect(world.open()).toEqual(['server-down notes'])
    expect(world.told).toHaveLength(2)
    world.after(15 * minute)
    expect(world.told).toHaveLength(3)
    expect(world.all()).toHaveLength(1)
    world.goes('notes', 'up').after(15)
    expect(world.told.at(-1)).toBe('resolved critical notes → desktop')
  })

  it('goes up once when nobody answers, and tells further channels; not when it is acknowledged', () => {
    const world = new AlertWorld().rule({
      name: 'error-rate',
      channels: ['team'],
      escalation: { afterMinutes: 10, channels: ['pager'] },
    })
    world.calls('web', 10, 'error').calls('notes', 10, 'error').after(15)
    const ofNotes = world.all().find(({ cause }) => cause === 'notes')
    world.alerts.acknowledge(ofNotes?.id ?? '', 'the window')
    for (let n = 0; n < 12; n++) world.calls('web', 5, 'error').calls('notes', 5, 'error').after(minute)
    expect(world.told.filter((line) => line.startsWith('escalated'))).toEqual(['escalated critical web → team, pager'])
    world.after(6 * minute)
    expect(world.told.slice(-2).sort()).toEqual([
      'resolved critical web → team, pager',
      'resolved warning notes → team',
    ])
  })

  it('that the person calls resolved stays so while its condition lasts, and opens again after', () => {
    const world = new AlertWorld().goes('notes', 'down').after(15)
    world.alerts.resolve(world.only().id, 'the window')
    world.after(15).after(60 * minute)
    expect(world.all()).toHaveLength(1)
    expect(world.only()).toMatchObject({ state: 'resolved', resolvedBy: 'person', holds: true })
    world
      .goes('notes', 'up')
      .after(15)
      .after(16 * minute)
    world.goes('notes', 'down').after(15)
    expect(world.open()).toEqual(['server-down notes'])
    expect(world.all()).toHaveLength(2)
    expect(() => world.alerts.resolve(world.all()[1]?.id ?? '', 'the window')).toThrow('input.invalid')
  })

  it('survives a restart, and is not opened a second time after it', () => {
    const world = new AlertWorld().goes('notes', 'down').after(15)
    world.alerts = world.begun()
    world.after(15)
    expect(world.all()).toHaveLength(1)
    expect(world.told).toHaveLength(1)
  })

  it('ends with its rule: switched off or removed', () => {
    const world = new AlertWorld().goes('notes', 'down').after(15)
    world.rule({ name: 'server-down', enabled: false }).after(15)
    expect(world.only()).toMatchObject({ state: 'resolved', resolvedBy: 'rule' })
    world.rule({ name: 'mine', metric: 'mcp_operations_total', aggregation: 'sum', threshold: 5, by: 'client' })
    world.calls('notes', 9).after(15)
    expect(world.open()).toEqual(['mine editor'])
    world.rules.remove('mine')
    world.after(15)
    expect(world.open()).toEqual([])
  })

  it('is kept for thirty days after it is over', () => {
    const world = new AlertWorld().goes('notes', 'down').goes('files', 'down').after(15).goes('notes', 'up').after(15)
    world.nowMs += 29 * day * 1000
    world.alerts.sweep()
    expect(world.all()).toHaveLength(2)
    world.nowMs += 2 * day * 1000
    world.alerts.sweep()
    expect(world.all().map(({ cause }) => cause)).toEqual(['files'])
  })

  it('is on record once it is kept, and not each time it could not be', () => {
    const world = new AlertWorld().goes('notes', 'down')
    world.db.pragma('query_only = ON')
    for (let look = 0; look < 3; look++) world.alerts.evaluate()
    expect(world.recorded).toEqual([])
    world.db.pragma('query_only = OFF')
    for (let look = 0; look < 3; look++) world.alerts.evaluate()
    expect(world.recorded).toEqual(['opened server-down notes'])
    const { id } = world.only()
    world.db.pragma('query_only = ON')
    expect(() => world.alerts.acknowledge(id, 'the window')).toThrow('readonly')
    expect(() => world.alerts.resolve(id, 'the window')).toThrow('readonly')
    expect(world.recorded).toHaveLength(1)
  })

  it('is not on record where the disk is full before all of a look is kept', () => {
    const world = new AlertWorld()
    for (let n = 0; n < 150; n++) world.goes(`${n} ${'long'.repeat(100)}`, 'down')
    const pages = Number(world.db.pragma('page_count', { simple: true }))
    world.db.pragma(`max_page_count = ${pages}`)
    for (let look = 0; look < 3; look++) {
      try {
        world.alerts.evaluate()
      } catch (error) {
        expect(error).toMatchObject({ code: 'SQLITE_FULL' })
      }
    }
    expect(world.recorded).toHaveLength(world.alerts.list(undefined, 500).length)
    world.db.pragma('max_page_count = 100000')
    world.alerts.evaluate()
    expect(world.alerts.list(undefined, 500)).toHaveLength(150)
    expect(world.recorded.toSorted()).toEqual([...new Set(world.recorded)].toSorted())
    expect(world.recorded).toHaveLength(150)
  })

  it('stays as it is when what the person does with it cannot be recorded', () => {
    const world = new AlertWorld().goes('notes', 'down').after(15)
    world.unwritable = true
    expect(() => world.alerts.acknowledge(world.only().id, 'the window')).toThrow('audit.unwritable')
    expect(() => world.alerts.resolve(world.only().id, 'the window')).toThrow('audit.unwritable')
    expect(world.only()).toMatchObject({ state: 'open', told: 'opened' })
  })

  it('is not opened beyond two hundred at once', () => {
    const world = new AlertWorld()
    for (let n = 0; n < 205; n++) world.goes(`s${n}`, 'down')
    world.after(15).after(15)
    expect(world.alerts.list('open', 500)).toHaveLength(200)
    expect(world.problems).toEqual(['More than 200 alerts are open; no more are opened.'])
  })
})

describe('the built-in rules', () => {
  it('tell of more than a tenth of calls failing over five minutes, of at least five', () => {
    const world = new AlertWorld().calls('notes', 4, 'error').after(15)
    expect(world.open()).toEqual([])
    world.calls('notes', 50).after(15)
    expect(world.open()).toEqual([])
    world.calls('notes', 2, 'error').calls('notes', 100, 'refused').after(15)
    expect(world.open()).toEqual(['error-rate notes'])
    expect(world.only().value).toBeCloseTo(100 * (6 / 56), 5)
    world.after(7 * minute)
    expect(world.only()).toMatchObject({ state: 'resolved', resolvedBy: 'itself' })
  })

  it('tell of 95 % of answers taking more than a second', () => {
    const world = new AlertWorld().calls('notes', 100, 'success', 0.2).calls('notes', 4, 'success', 3).after(15)
    expect(world.open()).toEqual([])
    world.calls('notes', 4, 'success', 3).after(15)
    expect(world.open()).toEqual(['slow-answers notes'])
  })

  it('tell of a limit that is nearly used, and then only of its being used up', () => {
    const world = new AlertWorld().quota('client:editor:calls:hour', 89).after(15)
    expect(world.open()).toEqual([])
    world.quota('client:editor:calls:hour', 95).after(15)
    expect(world.open()).toEqual(['quota-nearly-used client:editor:calls:hour'])
    world.quota('client:editor:calls:hour', 100).after(15)
    expect(world.open()).toEqual(['quota-used client:editor:calls:hour'])
  })

  it('tell of far more calls a minute than in the hour before, not of one busy minute', () => {
    const world = new AlertWorld()
    for (let n = 0; n < 40; n++) world.calls('notes', 20 + (n % 5)).after(minute)
    world.calls('notes', 500).after(minute)
    for (let n = 0; n < 4; n++) world.calls('notes', 20 + (n % 5)).after(minute)
    expect(world.open()).toEqual([])
    for (let n = 0; n < 4; n++) world.calls('notes', 200).after(minute)
    expect(world.open()).toEqual(['unusual-calls notes'])
  })
})

describe('the rules', () => {
  it('refuse what could never hold, and say why', () => {
    const world = new AlertWorld().goes('notes', 'up').calls('notes', 1)
    const problem = (change: object) => {
      try {
        world.rule({ name: 'mine', ...change })
        return undefined
      } catch (error) {
        return (error as { params: { problem: string } }).params.problem
      }
    }
    expect(problem({ metric: 'nothing_of_the_kind' })).toContain('Nothing is counted as')
    expect(problem({ metric: 'mcp_operations_total', aggregation: 'p95' })).toContain('no percentiles')
    expect(problem({ metric: 'mcp_operations_total', aggregation: 'sum', durationSeconds: 0 })).toContain('60 s')
    expect(problem({ channels: ['nobody'] })).toContain('There is no channel “nobody”')
    expect(problem({ kind: 'anomaly', metric: 'mcp_operations_total' })).toContain('sensitivity')
    expect(problem({ metric: 'mcp_operations_total', aggregation: 'sum' })).toBeUndefined()
  })

  it('that are built in are as they were built once their change is removed', () => {
    const world = new AlertWorld().rule({ name: 'server-down', severity: 'info' })
    expect(world.rules.need('server-down')).toMatchObject({ severity: 'info', changed: true })
    world.rules.remove('server-down')
    expect(world.rules.need('server-down')).toMatchObject({ severity: 'critical', changed: false })
    expect(() => world.rules.remove('server-down')).toThrow('input.invalid')
  })

  it('that were changed in the database count for nothing', () => {
    const world = new AlertWorld().rule({ name: 'server-down', severity: 'info' })
    world.db.exec(`UPDATE alert_rule SET value = replace(value, '"enabled":true', '"enabled":false')`)
    world.settings.setRule({ ...world.rules.need('error-rate'), name: 'other' }) // what is read is read again
    expect(world.rules.need('server-down')).toMatchObject({ enabled: true, severity: 'critical' })
    expect(world.forged).toEqual(['alert rule server-down'])
  })
})
