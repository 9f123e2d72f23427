import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../shared/contract/contract.ts'
import type { Contract } from '../../shared/contract/define.ts'
import { cleanEnvironment, GatehouseApp, root, vaultPassphrase } from '../support/gatehouse-app.ts'
import { openWindow } from '../support/open-window.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'
import { readIfThere } from '../support/read-if-there.ts'
import { runCommand } from '../support/run-command.ts'
import { operatorPassphrase } from '../support/running-app.ts'

let app: GatehouseApp
let editor: RawBridge
/** What was planted, by what it is. */
const secrets: Record<string, string> = {}
/** Everything that was said to anyone: answers, streams, window state, exports. */
const heard: Record<string, string> = {}

const serverSecret = `S3cr3t-${randomBytes(12).toString('hex')}`
/** Nobody told Gatehouse of these two: they are known by their look alone. */
const cloudKey = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`
const keyBody = randomBytes(96).toString('base64')
const keyBlock = `-----BEGIN PRIVATE KEY-----\n${keyBody}\n-----END PRIVATE KEY-----\n`
const recovery = `a passphrase for bad days ${randomBytes(6).toString('hex')}`
const secondSecret = `p@ss "w/ö rd" ${randomBytes(9).toString('base64')}`

/** A busy run: errors, a crash, a blocked call, a question, a refusal, an export, a kill. */
beforeAll(async () => {
  app = await GatehouseApp.start({ env: { GATEHOUSE_LOG_LEVEL: 'trace' } })
  await app.addRecorder('keeper', '--trust')
  await app.addRecorder('other', '--trust', '--sandbox', '2')
  await app.addRecorder('asked')
  await setSecret('keeper', 'KEEPER_TOKEN', serverSecret)
  await setSecret('keeper', 'KEEPER_PHRASE', secondSecret)
  await app.ask('filters', 'policy', 'strict')
  await app.ask('filters', 'set', 'secret-token', 'call', 'redact', '--server', 'other')
  await app.ask('filters', 'set', 'secret-token', 'call', 'allow', '--server', 'keeper') // so that an answer holds them
  await app.ask('filters', 'set', 'secret-token', 'reply', 'redact', '--server', 'keeper')
  editor = await app.client('editor')
  const { token } = await app.ask('clients', 'token', 'editor')
  const file = JSON.parse(readFileSync(join(app.home, 'clients', 'editor.json'), 'utf8')) as { secret: string }
  Object.assign(secrets, {
    'a server’s secret': serverSecret,
    'a server’s secret with odd characters': secondSecret,
    'a client’s secret': file.secret,
    'an API key': String(token),
    'the operator passphrase': operatorPassphrase,
    'the vault passphrase': vaultPassphrase,
    'the recovery passphrase': recovery,
    'a cloud key nobody told of': cloudKey,
    'a private key nobody told of': keyBody,
  })

  const answers: string[] = []
  await editor.call('keeper__pid')
  await app.ask('servers', 'review', 'keeper', '--accept')
  answers.push(JSON.stringify(await editor.request('tools/list')))
  expect(answers[0]).toContain('tells what [secret removed by Gatehouse] may')
  const call = async (name: string, given: object = {}) => {
    const answer = await editor.call(name, given)
    answers.push(JSON.stringify(answer))
    return said(answer)
  }
  expect(await call('keeper__env', { name: 'KEEPER_TOKEN' })).not.toBe('unset')
  for (const name of ['KEEPER_TOKEN', 'KEEPER_PHRASE']) await call('keeper__complain', { name })
  await call('other__act', { stolen: serverSecret })
  await call('other__act', {
    encoded: encodeURIComponent(secondSecret),
    text: Buffer.from(serverSecret).toString('base64'),
  })
  await call(`other__${serverSecret}`, {})
  await call('keeper__slow', { ms: serverSecret })
  await call('keeper__fail', { why: serverSecret })
  await call('keeper__crash', { last: serverSecret })
  for (const found of [cloudKey, keyBlock]) {
    await call('other__act', { note: found })
    await call('keeper__complain', { name: 'NOTHING', note: found })
    await call('other__fail', { why: found })
  }
  const question = editor.call('asked__act', { token: serverSecret, note: 'with a secret' })
  const answered = await Promise.race([question, app.question().then((id) => ({ id }))])
  if ('id' in answered && !('jsonrpc' in answered))
    await app.ask('approvals', 'deny', String(answered.id), '--reason', 'no')
  answers.push(JSON.stringify(await question))
  await fetch(app.endpoint.mcpUrl, { method: 'POST', headers: { authorization: `Bearer ${token}x` }, body: '{' })
  await app.cli('approvals', 'approve', 'ap_nothing')
  await app.kill()
  await app.start()
  await call('keeper__complain', { name: 'KEEPER_TOKEN', note: 'after the restart' })

  heard['answers to the client'] = answers.join('\n')
  heard['the bridge’s error stream'] = editor.stderr
  heard['the app’s streams'] = `${app.stdout}\n${app.stderr}`
  for (const format of ['jsonl', 'csv', 'cef'])
    heard[`the audit exported as ${format}`] = (await app.operator('audit', 'export', '--format', format)).out
  heard['the command line'] = await everyVerb()
  heard['the window'] = await windowState()
  heard['the process list'] = processList()
  const backup = { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase, GATEHOUSE_RECOVERY_PASSPHRASE: recovery }
  for (const verb of ['passphrase', 'create']) {
    const { code, out, err } = await runCommand(app.home, ['backup', verb, '--json'], backup)
    expect(code, err).toBe(0)
    heard[`the command line making a backup: ${verb}`] = out + err
  }
})
afterAll(() => app.end())

async function setSecret(server: string, name: string, value: string): Promise<void> {
  const command = spawn(
    process.execPath,
    [join(root, 'dist', 'cli.js'), '--home', app.home, 'secrets', 'set', server, name],
    {
      env: { ...cleanEnvironment(), GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  command.stdin.end(value)
  const [out, err] = await Promise.all([text(command.stdout), text(command.stderr)])
  heard[`the command line setting ${name}`] = `${out}${err}`
  expect(err).not.toContain('refused')
}

async function everyVerb(): Promise<string> {
  const verbs = [
    'status',
    'doctor',
    'servers list',
    'servers inspect keeper',
    'servers logs keeper',
    'tools list',
    'clients list',
  ]
  verbs.push('approvals list', 'permissions list', 'secrets list', 'sessions list', 'audit list')
  const said = await Promise.all(
    verbs.flatMap((verb) => [app.operator(...verb.split(' '), '--json'), app.operator(...verb.split(' '))]),
  )
  return said.map(({ out, err }) => out + err).join('\n')
}

/** What every window is told without being asked for contents: every route of the contract that needs no more than a server's name. */
async function windowState(): Promise<string> {
  const window = await openWindow(app)
  const given = [undefined, {}, ...['keeper', 'other', 'asked'].flatMap((name) => [{ name }, { server: name }])]
  const states: unknown[] = []
  for (const [area, routes] of Object.entries(contract as Contract))
    for (const [name, route] of Object.entries(routes)) {
      if (route.kind !== 'call' || route.verb !== 'status') continue
      for (const input of given.filter((one) => route.input.safeParse(one).success))
        states.push([area, name, input, await window.ask(`${area}.${name}`, input)])
    }
  window.close()
  const answered = states.filter((state) => JSON.stringify(state).includes('"ok":true'))
  expect(answered.length).toBeGreaterThan(60)
  return JSON.stringify(states)
}

/** Command lines of all processes, as `ps` shows them to every user. */
function processList(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
    .join('\n')
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return entries.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile())
}

/** Spellings in which a program could have written a value down. */
function spellings(value: string): string[] {
  const bytes = Buffer.from(value)
  const escaped = JSON.stringify(value).slice(1, -1)
  return [...new Set([value, escaped, encodeURIComponent(value), bytes.toString('base64'), bytes.toString('hex')])]
}

const found = (where: string | Buffer, value: string) => spellings(value).filter((spelling) => where.includes(spelling))

describe('after a busy run with errors, a crash, a blocked call and a kill -9', () => {
  it.each([
    'a server’s secret',
    'a server’s secret with odd characters',
    'a client’s secret',
    'an API key',
    'the operator passphrase',
    'the vault passphrase',
    'the recovery passphrase',
    'a cloud key nobody told of',
    'a private key nobody told of',
  ])('%s stands in no file of the data folder or the cache', (name) => {
    const own = name === 'a client’s secret' ? [join('home', 'clients', 'editor.json')] : []
    const files = [...filesIn(app.home), ...filesIn(app.cache)]
    expect(files.length).toBeGreaterThan(10)
    expect(files.some((file) => file.endsWith('.gatehouse-backup'))).toBe(true)
    const holding = files.filter((file) => found(readIfThere(file), secrets[name] ?? 'nothing planted').length > 0)
    expect(holding.map((file) => relative(app.folder, file))).toEqual(own)
  })

  it.each([
    'answers to the client',
    'the bridge’s error stream',
    'the app’s streams',
    'the audit exported as jsonl',
    'the audit exported as csv',
    'the audit exported as cef',
    'the command line',
    'the command line setting KEEPER_TOKEN',
    'the window',
    'the process list',
    'the command line making a backup: create',
  ])('%s held none of them', (place) => {
    const told = heard[place] ?? ''
    if (!place.startsWith('the bridge')) expect(told.length).toBeGreaterThan(place.includes('setting') ? 0 : 50)
    const leaked = Object.entries(secrets).filter(([, value]) => found(told, value).length > 0)
    expect(leaked.map(([name]) => name)).toEqual([])
  })

  it('the server the secret belongs to had it, and no other one ever got it', () => {
    expect(heard['answers to the client']).toContain(
      'it is [secret removed by Gatehouse], written with after the restart',
    )
    expect(app.reached('keeper').length).toBeGreaterThan(3)
    for (const name of ['keeper', 'other', 'asked'])
      expect(app.reached(name).filter((call) => found(JSON.stringify(call), serverSecret).length > 0)).toEqual([])
  })

  it('a server that may be told such keys got them, and its answer came without; another one got them without', () => {
    const got = (server: string) => JSON.stringify(app.reached(server))
    for (const key of [cloudKey, keyBody]) {
      expect(got('keeper')).toContain(key)
      expect(got('other')).not.toContain(key)
    }
    expect(got('other')).toContain('"name":"fail"')
    expect(heard['answers to the client']).toMatch(/it is undefined, written with \[secret-token removed/)
  })
})
