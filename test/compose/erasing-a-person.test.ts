import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Caller } from '../../shared/contract/define.ts'
import { keysUnavailable } from '../../shared/errors.ts'
import { type AnApp, anApp } from './an-app.ts'

const caller: Caller = { carrier: 'browser', description: 'a test' }
const asked = { subject: ['Zarzavat'], called: 'a letter' }

let app: AnApp
beforeEach(async () => {
  app = await anApp()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await app.end()
})

it('names two hundred of the things that stay, and counts all by place and reason', async () => {
  const add = app.base.store.db.prepare(`INSERT INTO setting VALUES (?, '"Zarzavat"', 'x')`)
  for (let n = 0; n < 250; n++) add.run(`test.${n}`)
  const done = await app.handlers.privacy.erase(asked, caller)
  expect(done.kept).toHaveLength(200)
  expect(done.keptCounts).toEqual([{ store: 'settings', why: 'own-setting', count: 250 }])
  expect(done).toMatchObject({ left: 0, auditValid: true })
})

it('says what was erased also where the log cannot be verified, and does not say that it is broken', async () => {
  vi.spyOn(app.base.audit, 'verify').mockRejectedValue(keysUnavailable('locked', 'Unlock it.'))
  const done = await app.handlers.privacy.erase(asked, caller)
  expect(done).toMatchObject({ left: 0, erased: [] })
  expect(done).not.toHaveProperty('auditValid')
  expect(app.handlers.privacy.requests(undefined, caller)).toMatchObject({ requests: [{ outcome: 'done' }] })
})
