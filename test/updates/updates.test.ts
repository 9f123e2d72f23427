import { describe, expect, it } from 'vitest'
import { type Checking, Updates, type UpdatesParts } from '../../main/updates/updates.ts'

/** Somebody else’s machine, which answers as it is told. */
function aGatehouse(check: Checking, feedUrl?: string, answer = { version: '1.1.0', newer: true }) {
  const [asked, told] = [[] as string[], [] as string[]]
  const settings = { check, ...(feedUrl === undefined ? {} : { feedUrl }) }
  const parts: UpdatesParts = {
    version: '1.0.0',
    source: {
      newest: async (url) => {
        asked.push(url)
        if (answer.version === '') throw new Error('nobody answers')
        return answer
      },
    },
    settings: () => settings,
    onNewer: (version) => told.push(version),
    now: () => 7,
  }
  return { parts, settings, updates: new Updates(parts), asked, told }
}
const feed = 'https://releases.test/gatehouse'

describe('a newer Gatehouse', () => {
  it.each([
    ['off', feed],
    ['daily', undefined],
  ] as const)('is not looked for over the network while it is %s with the address %s', async (check, url) => {
    const { updates, asked } = aGatehouse(check, url)
    expect(updates.state()).toMatchObject({ version: '1.0.0', installed: 'package', mayAsk: false })
    await expect(updates.check()).rejects.toMatchObject({ code: 'input.invalid' })
    await updates.checkIfDaily()
    expect(asked).toEqual([])
  })

  it('is looked for when the person asks, and by itself only once they said daily', async () => {
    const { updates, settings, asked, told } = aGatehouse('asked', feed)
    await updates.checkIfDaily()
    expect(asked).toEqual([])
    expect(await updates.check()).toMatchObject({ newer: '1.1.0', checkedAt: 7 })
    settings.check = 'daily'
    await updates.checkIfDaily()
    expect([asked, told]).toEqual([[feed, feed], ['1.1.0']])
  })

  it('is not there when this is the newest, and nobody answering is a problem that is told', async () => {
    const newest = aGatehouse('asked', feed, { version: '1.0.0', newer: false })
    expect(await newest.updates.check()).not.toHaveProperty('newer')
    const silent = aGatehouse('asked', feed, { version: '', newer: false })
    expect(await silent.updates.check()).toMatchObject({ problem: 'nobody answers' })
    expect(newest.told.concat(silent.told)).toEqual([])
  })

  it('of one built from its sources is looked for by nobody', async () => {
    const { parts } = aGatehouse('daily', feed)
    const { source: _, ...others } = parts
    const updates = new Updates(others)
    expect(updates.state()).toMatchObject({ installed: 'sources', mayAsk: false })
    await expect(updates.check()).rejects.toMatchObject({ code: 'input.invalid' })
  })
})
