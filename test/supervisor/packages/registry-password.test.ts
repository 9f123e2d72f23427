import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { originOf } from '../../../main/supervisor/origin.ts'
import { findNpm } from '../../../main/supervisor/packages/npm.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'

const server = 'files' as ServerName
const home = mkdtempSync(join(tmpdir(), 'gatehouse-npmrc-'))
const env = { HOME: home, PATH: process.env.PATH ?? '' }
const npm = (scope?: string) => findNpm(server, scope, { node: process.execPath, env })

beforeAll(() =>
  writeFileSync(
    join(home, '.npmrc'),
    'registry=https://plain.example/\n@ours:registry=https://me:hunter2@npm.example/\n@token:registry=https://npm_s3cret@npm.example/\n',
  ),
)
afterAll(() => rmSync(home, { recursive: true, force: true }))

it('uses the registry of the person’s own npm', async () => {
  expect((await npm()).registry.href).toBe('https://plain.example/')
})

it.each(['@ours', '@token'])(
  'uses no registry whose address holds a password (%s): it would stand in npm’s arguments',
  async (scope) => {
    const refusal = await npm(scope).catch((error) => error)
    expect(refusal).toMatchObject({
      code: 'server.failed',
      params: { problem: expect.stringContaining('where its package comes from, holds a password') },
    })
    expect(JSON.stringify([refusal.params, refusal.message])).not.toMatch(/hunter2|s3cret/)
  },
)

it.each([
  ['npx', ['-y', 'git+https://me:hunter2@git.example/it.git']],
  ['uvx', ['--index-url', 'https://me:hunter2@index.example/simple', 'mcp-server-time']],
  ['uvx', ['--from', 'mcp @ https://hunter2@git.example/it.zip', 'mcp']],
])('takes no package command with a password in it, and does not repeat it (%s)', (command, args) => {
  let refusal: unknown
  try {
    originOf(command, args)
  } catch (error) {
    refusal = error
  }
  expect(refusal).toMatchObject({ code: 'input.invalid' })
  expect(JSON.stringify(refusal)).not.toContain('hunter2')
})

it('takes an address of ssh, whose user is no secret', () => {
  expect(originOf('npx', ['-y', 'git+ssh://git@git.example/it.git'])).toMatchObject({ kind: 'package' })
})
