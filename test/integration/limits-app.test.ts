import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'

describe('limits of use, in a running app', () => {
  let app: GatehouseApp
  beforeAll(async () => {
    app = await GatehouseApp.start()
    await app.addRecorder('files', '--trust')
  })
  afterAll(() => app.end())

  it('refuse the call after the last allowed one, say when to go on, and the server is not reached', async () => {
    await app.ask('limits', 'set', 'client', 'cli', '--calls', '2/day')
    const call = () => app.operator('call', 'files__act', '--args', '{"what":"x"}')
    expect((await call()).code).toBe(0)
    expect((await call()).code).toBe(0)
    const refused = await call()
    expect(refused.code).toBe(1)
    expect(refused.err + refused.out).toMatch(/quota|allow/)
    expect(refused.err + refused.out).toMatch(/\d+ s/)
    expect(app.reached('files')).toHaveLength(2)
  })

  it('of a day hold over a restart, are listed, and go when the person takes them away', async () => {
    await app.restart()
    const { quotas } = (await app.ask('limits', 'list')) as { quotas: object[] }
    expect(quotas).toMatchObject([{ holder: 'client', name: 'cli', measure: 'calls', per: 'day', most: 2, used: 2 }])
    expect((await app.operator('call', 'files__act', '--args', '{"what":"x"}')).code).toBe(1)
    await app.ask('limits', 'remove', 'client', 'cli', '--measure', 'calls', '--per', 'day')
    expect((await app.operator('call', 'files__act', '--args', '{"what":"x"}')).code).toBe(0)
    expect(app.reached('files')).toHaveLength(3)
  })

  it('are not raised by a program without the passphrase, and name only what there is', async () => {
    const quiet = await app.cli('limits', 'set', 'server', 'files', '--calls', '5/hour')
    expect(quiet.code).toBe(1)
    const unknown = await app.operator('limits', 'set', 'server', 'nobody', '--calls', '5/hour')
    expect(unknown.err).toContain('no server called “nobody”')
    expect((await app.operator('limits', 'set', 'server', 'files', '--calls', '5')).code).toBe(2)
  })
})
