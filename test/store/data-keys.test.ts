import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DataKeys } from '../../main/store/data-keys.ts'

const day = 24 * 3600 * 1000
let home: string
let file: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-keys-'))
  file = join(home, 'data-keys.json')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

it('seals with a new key after 30 days and still opens what older keys sealed', async () => {
  const wrapping = randomBytes(32)
  let now = 0
  const keys = await DataKeys.open(file, wrapping, () => now)
  const first = keys.seal(Buffer.from('one'), 'a')
  now = 29 * day
  expect(idOf(keys.seal(Buffer.from('two'), 'a'))).toBe(idOf(first))
  now = 31 * day
  const later = await DataKeys.open(file, wrapping, () => now)
  const second = later.seal(Buffer.from('three'), 'a')
  expect(idOf(second)).not.toBe(idOf(first))
  expect(later.open(first, 'a').toString()).toBe('one')
  expect(later.open(second, 'a').toString()).toBe('three')
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
})

it('opens no box that was changed, made for something else, or sealed by a lost key', async () => {
  const keys = await DataKeys.open(file, randomBytes(32))
  const box = keys.seal(Buffer.from('secret'), 'audit:1:arguments')
  expect(box).not.toContain(Buffer.from('secret').toString('base64'))
  expect(() => keys.open(box, 'audit:2:arguments')).toThrow()
  expect(() => keys.open(`${box.slice(0, -6)}AAAA==`, 'audit:1:arguments')).toThrow()
  expect(() => keys.open(`ffffffff${box.slice(8)}`, 'audit:1:arguments')).toThrow('gone')
})

it('refuses a key file made under another wrapping key, or changed', async () => {
  const wrapping = randomBytes(32)
  await DataKeys.open(file, wrapping)
  await expect(DataKeys.open(file, randomBytes(32))).rejects.toMatchObject({ code: 'keys.unavailable' })
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"madeAt": \d/, '"madeAt": 9'))
  await expect(DataKeys.open(file, wrapping)).rejects.toMatchObject({ code: 'keys.unavailable' })
})

const idOf = (box: string) => box.split('.')[0]
