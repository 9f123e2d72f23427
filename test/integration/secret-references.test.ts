import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cleanEnvironment, GatehouseApp, root } from '../support/gatehouse-app.ts'
import { operatorPassphrase } from '../support/running-app.ts'

let app: GatehouseApp
const value = 'correct-horse-battery'
const reference = `postgres://me:$\{secret:PASSWORD}@db`

function setSecret(server: string, name: string): string {
  const cli = [join(root, 'dist', 'cli.js'), '--home', app.home, 'secrets', 'set', server, name]
  const env = { ...cleanEnvironment(), GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase }
  const { status, stdout } = spawnSync(process.execPath, cli, { env, input: value, encoding: 'utf8' })
  expect(status).toBe(0)
  return stdout
}

beforeAll(async () => {
  app = await GatehouseApp.start()
  await app.addRecorder('db', '--trust')
  setSecret('db', 'PASSWORD')
})
afterAll(() => app?.end())

it('a secret named in an environment value reaches its server, and nobody else sees more than the reference', async () => {
  await app.ask('servers', 'set', 'db', '--env', `URL=${reference}`)
  const editor = await app.client('editor')
  await editor.call('db__pid')
  const told = JSON.stringify(await editor.call('db__env', { name: 'URL' }))
  expect(told).toContain('postgres://me:[secret removed by Gatehouse]@db')
  expect(JSON.stringify(await app.ask('servers', 'inspect', 'db'))).not.toContain(value)
})

it('a secret the server does not have is refused in words, and the server stays as it was', async () => {
  const wrong = await app.operator('servers', 'set', 'db', '--env', `URL=$\{secret:NOTHING}`)
  expect(wrong.code).not.toBe(0)
  expect(wrong.err).toContain('URL refers to the secret “NOTHING”, which this server does not have')
})

it('a server that waits for its secrets is registered once the last one is set, and offers what the person accepts then', async () => {
  const why = async () => (await app.operator('cells', 'show', 'late')).err
  await app.addRecorder('late', '--trust', '--secret', 'ONE', '--secret', 'TWO')
  expect(await why()).toContain('“late” is not registered yet')
  expect(setSecret('late', 'ONE')).not.toContain('servers review')
  expect(await why()).toContain('“late” is not registered yet')
  expect(setSecret('late', 'TWO')).toContain('gatehouse servers review late --accept')
  expect(await app.ask('cells', 'show', 'late')).toMatchObject({ cell: { status: 'active' } })
  await app.ask('servers', 'review', 'late', '--accept')
  const editor = await app.client('editor')
  expect(JSON.stringify(await editor.call('late__pid'))).toMatch(/\d/)
})
