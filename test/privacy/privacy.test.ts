import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FoundItem, PersonalStore } from '../../main/privacy/personal-store.ts'
import { Privacy, type PrivacyParts } from '../../main/privacy/privacy.ts'
import { RequestStore } from '../../main/privacy/request-store.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'

let db: Database
beforeEach(() => {
  db = openDatabase(':memory:')
})
afterEach(() => {
  vi.useRealTimers()
  db.close()
})

/** Requests over one place that holds one thing, until it is erased. */
function privacyOver(place: Partial<PersonalStore> = {}, parts: Partial<PrivacyParts> = {}): Privacy {
  let items: FoundItem[] = [{ ref: '1', where: 'entry 1', excerpt: 'Ana Zarzavat' }]
  const store: PersonalStore = {
    name: 'questions',
    find: async () => items,
    load: ({ ref }) => ref,
    erase: async () => {
      items = []
      return 1
    },
    ...place,
  }
  const requests = new RequestStore(db, randomBytes(32))
  const idle = { sealedAway: () => [], rectify: async () => [], settle: async () => {}, record: () => {} }
  return new Privacy({ stores: [store], requests, ...idle, ...parts })
}
const asked = { words: ['Zarzavat'], called: 'a letter', by: 'a test' }

describe('an erasure that was done', () => {
  it('is told as such where the freed pages cannot be written over, which is named', async () => {
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    const privacy = privacyOver({}, { settle: () => Promise.reject(full) })
    expect(await privacy.erase(asked)).toMatchObject({
      erased: [{ store: 'questions', count: 1 }],
      kept: [{ store: undefined, where: 'freed pages of the database', why: 'failed' }],
      left: 0,
    })
    expect(privacy.requests()).toMatchObject([{ outcome: 'partly', summary: { found: 1, erased: 1, kept: 1 } }])
  })

  it('is told as such where a place cannot be searched again, which is named', async () => {
    let searches = 0
    const find = async () => {
      searches += 1
      if (searches > 1) throw new Error('not now')
      return [{ ref: '1', where: 'entry 1', excerpt: 'Ana Zarzavat' }]
    }
    const privacy = privacyOver({ find })
    expect(await privacy.erase(asked)).toMatchObject({
      erased: [{ store: 'questions', count: 1 }],
      kept: [{ store: 'questions', why: 'failed' }],
    })
    expect(privacy.requests()).toMatchObject([{ outcome: 'partly' }])
  })

  it('is not begun where a place cannot be searched', async () => {
    const erase = vi.fn<NonNullable<PersonalStore['erase']>>()
    const privacy = privacyOver({ find: () => Promise.reject(new Error('not now')), erase })
    await expect(privacy.erase(asked)).rejects.toThrow('not now')
    expect(erase).not.toHaveBeenCalled()
    expect(privacy.requests()).toMatchObject([{ outcome: 'failed' }])
  })
})

it('what a request found is let go after thirty minutes, though nobody makes another', async () => {
  vi.useFakeTimers()
  // a clock that stands still: only the timer can let it go
  const privacy = privacyOver({}, { now: () => 0 })
  const { request } = await privacy.show('portability', asked)
  vi.advanceTimersByTime(29 * 60_000)
  expect([...privacy.dataOf(request)]).toMatchObject([{ data: '1' }])
  vi.advanceTimersByTime(2 * 60_000)
  expect(() => [...privacy.dataOf(request)]).toThrow(expect.objectContaining({ code: 'input.invalid' }))
})
