import { expect, test } from 'vitest'
import { Told } from '../../main/supervisor/to-client.ts'
import type { Answering } from '../../shared/domain/call.ts'
import { askedFreely } from '../support/asked-freely.ts'

const { told: filtered } = askedFreely((text) => text.replaceAll('hunter2', '•••'))
const call = {} as Answering

test('what a server tells a client comes through the filters', () => {
  const told = new Told(filtered)
  expect(told.notification(call, { level: 'info', data: 'it is hunter2' })).toEqual({
    level: 'info',
    data: 'it is •••',
  })
  expect(told.progress(call, { progress: 1, message: 'hunter2' })).toEqual({ progress: 1, message: '•••' })
  expect(told.progress(call, { progress: 1, total: 2 })).toEqual({ progress: 1, total: 2 })
})

test('a flood of notifications and an endless one are dropped, and a quiet server is heard again', () => {
  let now = 0
  const told = new Told(filtered, () => now)
  const heard = () =>
    Array.from({ length: 5000 }, () => told.notification(call, {})).filter((one) => one !== undefined).length
  expect(heard()).toBe(1000)
  now = 1000
  expect(heard()).toBe(200)
  now = 60_000
  expect(told.notification(call, { data: 'x'.repeat(2_000_000) })).toBeUndefined()
  expect(told.notification(call, { data: 'x' })).toEqual({ data: 'x' })
})
