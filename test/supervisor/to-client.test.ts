import { expect, test } from 'vitest'
import { cleaned, Told } from '../../main/supervisor/to-client.ts'

const redact = (text: string) => text.replaceAll('hunter2', '•••')

test('what a server tells or asks a client holds no known secret', () => {
  const told = new Told(redact)
  expect(told.notification({ level: 'info', data: 'it is hunter2' })).toEqual({ level: 'info', data: 'it is •••' })
  expect(told.progress({ progress: 1, message: 'hunter2' })).toEqual({ progress: 1, message: '•••' })
  expect(cleaned({ messages: [{ hunter2: 'x' }] }, redact)).toEqual({ messages: [{ '•••': 'x' }] })
  expect(cleaned({ level: 12_345_678 }, (text) => text.replace('12345678', '•••'))).toBeUndefined()
})

test('a flood of notifications and an endless one are dropped, and a quiet server is heard again', () => {
  let now = 0
  const told = new Told(redact, () => now)
  const heard = () =>
    Array.from({ length: 5000 }, () => told.notification({})).filter((one) => one !== undefined).length
  expect(heard()).toBe(1000)
  now = 1000
  expect(heard()).toBe(200)
  now = 60_000
  expect(told.notification({ data: 'x'.repeat(2_000_000) })).toBeUndefined()
  expect(told.notification({ data: 'x' })).toEqual({ data: 'x' })
})
