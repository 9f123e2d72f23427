import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig } from '../../main/config/config.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'))

function configFile(text: string): string {
  const file = join(folder, `${Math.random()}.yaml`)
  writeFileSync(file, text)
  return file
}

it('uses defaults when nothing is given', () => {
  const { config, notices } = readConfig(join(folder, 'none.yaml'), {})
  expect(config.approvals.expirySeconds).toBe(300)
  expect(config.keychain).toBe('system')
  expect(notices).toEqual([])
})

it('lets the environment override the file', () => {
  const file = configFile('port: 4000\napprovals:\n  expirySeconds: 200\n')
  const { config } = readConfig(file, { GATEHOUSE_PORT: '5000', GATEHOUSE_APPROVALS__ANSWER_AFTER_SECONDS: '7' })
  expect(config.port).toBe(5000)
  expect(config.approvals).toMatchObject({ expirySeconds: 200, answerAfterSeconds: 7 })
})

it('does not use a widening value from a file, and says so', () => {
  const { config, notices } = readConfig(configFile('approvals:\n  openPerClient: 900\n'), {})
  expect(config.approvals.openPerClient).toBe(20)
  expect(notices.join()).toContain('approvals.openPerClient = 900')
})

it('names every problem at once', () => {
  const file = configFile('port: 99999\nsurprise: 1\n')
  expect(() => readConfig(file, { GATEHOUSE_LOG_LEVEL: 'loud' })).toThrow(
    expect.objectContaining({ params: { problem: expect.stringMatching(/3 problem.*port.*logLevel.*surprise/s) } }),
  )
})

it('names the file that is not YAML', () => {
  expect(() => readConfig(configFile('a: [1'), {})).toThrow(
    expect.objectContaining({ params: { problem: expect.stringContaining('not valid YAML') } }),
  )
})
