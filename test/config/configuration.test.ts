import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig } from '../../main/config/config.ts'
import { Configuration, type SettingValue } from '../../main/config/configuration.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-configuration-'))

function aConfiguration(yaml = '', chosen: Record<string, SettingValue> = {}) {
  const file = join(folder, `${Math.random()}.yaml`)
  writeFileSync(file, yaml)
  let kept: Readonly<Record<string, SettingValue>> = chosen
  const write = (now: Readonly<Record<string, SettingValue>>) => {
    kept = now
  }
  const open = () => new Configuration(readConfig(file, {}), { read: () => kept, write })
  const of = (configuration: Configuration, path: string) => configuration.list().find((one) => one.path === path)
  return { open, of, kept: () => kept }
}

it('lists every setting with what it may be', () => {
  const { open, of } = aConfiguration()
  expect(of(open(), 'approvals.expirySeconds')).toEqual({
    path: 'approvals.expirySeconds',
    kind: 'number',
    least: 1,
    most: 86_400,
    default: 300,
    value: 300,
    now: 300,
    from: 'default',
    widens: true,
    editable: true,
  })
  expect(of(open(), 'logLevel')).toMatchObject({ kind: 'choice', choices: expect.arrayContaining(['trace', 'silent']) })
  expect(of(open(), 'oauth.clientMetadataUrl')).toMatchObject({ kind: 'text', from: 'default' })
})

it('uses what the person set, also where it gives more than the file may', () => {
  const { open, of } = aConfiguration('approvals:\n  expirySeconds: 900\n')
  const configuration = open()
  expect(of(configuration, 'approvals.expirySeconds')).toMatchObject({ value: 300, from: 'default', withheld: 900 })
  configuration.set('approvals.expirySeconds', 900)
  expect(configuration.approvals.expirySeconds).toBe(900)
  expect(of(configuration, 'approvals.expirySeconds')).not.toHaveProperty('withheld')
  expect(open().approvals.expirySeconds).toBe(900)
})

it('says what waits for the next start', () => {
  const { open, of } = aConfiguration()
  const configuration = open()
  configuration.set('servers.idleStopSeconds', 60)
  expect(of(configuration, 'servers.idleStopSeconds')).toMatchObject({ value: 60, now: 300, from: 'person' })
  expect(of(open(), 'servers.idleStopSeconds')).toMatchObject({ value: 60, now: 60 })
})

it('goes back to what the file says', () => {
  const { open, of, kept } = aConfiguration('limits:\n  deadlineSeconds: 30\n', { 'limits.deadlineSeconds': 90 })
  const configuration = open()
  expect(configuration.limits.deadlineSeconds).toBe(90)
  configuration.set('limits.deadlineSeconds', null)
  expect(of(configuration, 'limits.deadlineSeconds')).toMatchObject({ value: 30, from: 'outside' })
  expect(kept()).toEqual({})
})

it.each([
  ['approvals.expirySeconds', 0],
  ['approvals.expirySeconds', 'soon'],
  ['logLevel', 'loud'],
  ['oauth.clientMetadataUrl', 'http://here/x'],
  ['keychain', 'file'],
  ['surprise', 1],
  ['__proto__.x', 1],
])('refuses %s = %s and keeps what was', (path, value) => {
  const { open, kept } = aConfiguration()
  const configuration = open()
  expect(() => configuration.set(path, value)).toThrow(expect.objectContaining({ code: 'input.invalid' }))
  expect(kept()).toEqual({})
})

it('does not use a kept value that is no longer possible', () => {
  const { open } = aConfiguration('', { 'limits.concurrency': -4, 'gone.away': 1, 'tasks.afterSeconds': 9 })
  expect(open().limits.concurrency).toBe(20)
  expect(open().tasks.afterSeconds).toBe(9)
})
