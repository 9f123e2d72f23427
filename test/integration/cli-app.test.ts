import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../support/command-line.ts'
import { openWindow } from '../support/open-window.ts'
import { runCommand, watchCommand } from '../support/run-command.ts'
import { operatorPassphrase, type RunningApp, runningApp } from '../support/running-app.ts'

let app: RunningApp
/** Opened once: its link is good for one login. */
let opened: ReturnType<typeof openWindow> | undefined
const theWindow = () => {
  opened ??= openWindow(app)
  return opened
}
beforeAll(async () => {
  app = await runningApp({ realCommandLine: true })
})
afterAll(async () => {
  await opened?.then((window) => window.close())
  await app.end()
})

/** The id of the next question, as `approvals watch` streams it. */
async function pendingApproval({ home }: RunningApp): Promise<string> {
  const watching = watchCommand(home, ['approvals', 'watch', '--json'])
  try {
    for await (const line of watching.lines) {
      const told = JSON.parse(line)
      if (told.event === 'approvals.asked') return told.id
    }
    throw new Error('the app ended')
  } finally {
    watching.stop()
  }
}

/** For looking at what a verb did: without a process of its own for each look. */
const look = (...verb: string[]) => commandLine(app.home, verb)
const json = (result: { out: string }) => JSON.parse(result.out)

describe('config set and check', () => {
  const setting = async (path: string) => json(await look('config', 'get', path, '--json')).settings[0]
  const path = 'approvals.expirySeconds'

  it('keeps what the person sets, says from where it is, and puts it back', async () => {
    expect(await setting(path)).toMatchObject({ value: 300, from: 'default', widens: true })
    const set = await app.operator('config', 'set', path, '600', '--json')
    expect([set.code, json(set)]).toMatchObject([0, { path, value: 600, from: 'person' }])
    expect(await setting(path)).toMatchObject({ value: 600, now: 600, default: 300 })
    const { out } = await app.operator('config', 'set', 'servers.startSeconds', '31')
    expect(out).toContain('servers.startSeconds = 31')
    for (const one of [path, 'servers.startSeconds'])
      expect((await app.operator('config', 'set', one, '--default')).code).toBe(0)
    expect(await setting(path)).toMatchObject({ value: 300, from: 'default' })
    const { entries } = json(await look('audit', 'list', '--action', 'config.set', '--json'))
    expect(entries.map(({ summary }: { summary: string }) => summary)).toContainEqual(
      expect.stringContaining(`${path} was set to 600`),
    )
  })

  it.each([
    [['config', 'set', path, '600'], 1, 'operator passphrase', false],
    [['config', 'set', path, '0'], 2, '>=1', true],
    [['config', 'set', path, 'soon'], 2, 'expected number', true],
    [['config', 'set', 'logLevel', 'loud'], 2, 'trace', true],
    [['config', 'set', 'no.such', '1'], 2, 'There is no setting “no.such”', true],
    [['config', 'set', 'keychain', 'file'], 2, 'config.yaml', true],
    [['config', 'set', path], 2, 'Give a value, or --default', true],
    [['config', 'set', path, '1', '--default'], 2, 'Give a value, or --default', true],
    [['config', 'get', 'no.such'], 2, 'There is no setting', true],
  ] as const)('refuses %j', async (words, code, why, asOperator) => {
    const done = await (asOperator ? app.operator(...words) : app.cli(...words))
    expect([done.code, done.err]).toEqual([code, expect.stringContaining(why)])
    expect(await setting(path)).toMatchObject({ value: 300, from: 'default' })
  })

  it('says what is wrong with config.yaml and what of it would not be used, without using it', async () => {
    const file = join(app.home, 'config.yaml')
    const check = async (text: string) => {
      writeFileSync(file, text)
      const done = await app.cli('config', 'check', '--json')
      return { code: done.code, ...json(done) }
    }
    try {
      expect(await check('logLevel: debug\n')).toEqual({ code: 0, problems: [], notices: [] })
      const widening = await check('approvals:\n  expirySeconds: 86400\n')
      expect(widening).toMatchObject({ code: 0, problems: [], notices: [expect.stringContaining('is not used')] })
      expect(await check('approvals:\n  expirySeconds: soon\n')).toMatchObject({
        code: 1,
        problems: [expect.stringContaining('approvals.expirySeconds')],
      })
      expect(await check('shiny: true\n')).toMatchObject({ code: 1, problems: [expect.stringContaining('shiny')] })
      expect(await check('a: [\n')).toMatchObject({ code: 1, problems: [expect.stringContaining('not valid YAML')] })
      expect(await setting(path)).toMatchObject({ value: 300, from: 'default' })
    } finally {
      await rm(file, { force: true })
    }
    expect((await app.cli('config', 'check')).out).toContain('All is well.')
  })
})

describe('the command line with the real app', () => {
  it('shows status, doctor, servers and tools to anyone of the same user, as JSON in the promised shapes', async () => {
    expect(json(await app.cli('status', '--json'))).toMatchObject({ ready: true, shell: 'browser', pending: 0 })
    expect(json(await app.cli('doctor', '--json')).findings.length).toBeGreaterThan(2)
    const { servers } = json(await app.cli('servers', 'list', '--json'))
    expect(servers).toContainEqual(expect.objectContaining({ name: 'filesystem', sandbox: 2 }))
    const { tools } = json(await app.cli('tools', 'list', '--json'))
    expect(tools).toContainEqual(expect.objectContaining({ name: 'filesystem__read_text_file', server: 'filesystem' }))
    expect(json(await app.cli('permissions', 'list', '--json')).defaults.length).toBeGreaterThan(3)
    expect(json(await app.cli('sessions', 'list', '--json'))).toEqual({ sessions: [] })
    expect(json(await app.cli('audit', 'verify', '--json'))).toMatchObject({ valid: true })
  })

  it.each([
    'clients pair mallory',
    'clients token mallory',
    'permissions allow --tool *',
    'servers add evil --sandbox 0 --yes -- true',
    'servers set filesystem --sandbox 0',
    'audit export',
    'clients suspend mallory',
    'clients resume mallory',
    'stop',
    'uninstall --yes',
  ])('refuses “%s” to a program without the passphrase', async (verb) => {
    const attempt = await app.cli(...verb.split(' '))
    expect(attempt.code).toBe(1)
    expect(attempt.err).toContain('operator passphrase')
    expect((await look('status')).code).toBe(0)
    expect(json(await look('clients', 'list', '--json'))).toEqual({ clients: [] })
  })

  it('makes roles that inherit, gives one to every app of a workspace, and refuses to go round in circles', async () => {
    const roles = (...words: string[]) => app.operator('permissions', ...words)
    expect((await app.cli('permissions', 'define-role', 'notes', '--permission', '*')).code).toBe(1)
    expect((await roles('define-role', 'notes', '--permission', 'server:memory:write')).code).toBe(0)
    const made = json(
      await roles('define-role', 'researcher', '--permission', 'server:*:read', '--inherits', 'notes', '--json'),
    )
    expect(made.all).toEqual(['server:*:read', 'server:memory:write'])
    const round = await roles('define-role', 'notes', '--inherits', 'researcher')
    expect(round.err).toContain('notes → researcher → notes')
    expect((await roles('role', '--workspace', 'personal', '--role', 'researcher')).code).toBe(0)
    const { defined, roles: held } = json(await look('permissions', 'roles', '--json'))
    expect(defined).toContainEqual(expect.objectContaining({ name: 'researcher', holders: 1, inherits: 'notes' }))
    const refused = await roles('remove-role', 'researcher')
    expect(refused.err).toContain('has the role “researcher”')
    expect((await roles('revoke', held[0].id)).code).toBe(0)
    expect((await roles('remove-role', 'researcher')).code).toBe(0)
    expect((await roles('remove-role', 'notes')).code).toBe(0)
  })

  it('pairs, issues a token, makes and takes back a rule, and records all of it', async () => {
    const paired = json(await app.operator('clients', 'pair', 'editor', '--json'))
    expect(Buffer.from(paired.secret, 'base64url')).toHaveLength(32)
    const issued = json(await app.operator('clients', 'token', 'editor', '--json'))
    expect(issued.expiresAt - Date.now()).toBeGreaterThan(89 * 86_400_000)
    const rule = ['--client', 'editor', '--tool', 'filesystem__read_*', '--until', '2h']
    const made = json(await app.operator('permissions', 'allow', ...rule, '--json'))
    expect((await app.operator('permissions', 'revoke', made.id)).code).toBe(0)
    expect((await app.operator('clients', 'revoke', 'editor')).code).toBe(0)
    const { entries } = json(await look('audit', 'list', '--json'))
    const actions = entries.map((entry: { action: string }) => entry.action)
    expect(actions).toEqual(expect.arrayContaining(['client.pair', 'client.revoke']))
    expect((await app.cli('audit', 'verify')).code).toBe(0)
    const exported = await app.operator('audit', 'export')
    expect(exported.out).toContain('“editor” was paired')
    expect(exported.out).not.toContain(paired.secret)
    expect(exported.out).not.toContain(issued.token)
  })

  it('verifies an exported file, and names the first entry of one that was changed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-export-'))
    try {
      const file = join(folder, 'log.jsonl')
      const { out } = await app.operator('audit', 'export', '--format', 'jsonl')
      writeFileSync(file, out)
      expect(json(await app.cli('audit', 'verify', file, '--json'))).toMatchObject({ valid: true })
      writeFileSync(file, out.replace('“editor” was paired', '“editor” was greeted'))
      const changed = await app.cli('audit', 'verify', file, '--json')
      expect(changed.code).toBe(1)
      expect(json(changed)).toMatchObject({ valid: false, firstFault: { seq: expect.any(Number) } })
      expect((await app.cli('audit', 'verify', join(folder, 'none.jsonl'))).err).toContain('There is no file')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('suspends and resumes an AI app, and shows a session', async () => {
    await app.operator('clients', 'pair', 'writer')
    expect((await app.operator('clients', 'suspend', 'writer')).code).toBe(0)
    const stateOf = async () => json(await look('clients', 'list', '--json')).clients.at(-1)
    expect(await stateOf()).toMatchObject({ name: 'writer', state: 'suspended' })
    expect((await app.operator('clients', 'pair', 'writer')).err).toContain('is suspended')
    expect((await app.operator('clients', 'resume', 'writer')).code).toBe(0)
    expect(await stateOf()).toMatchObject({ name: 'writer', state: 'paired' })
    await app.operator('call', 'filesystem__list_allowed_directories')
    const [{ id }] = json(await look('sessions', 'list', '--json')).sessions
    const shown = json(await app.cli('sessions', 'show', id, '--json'))
    expect(shown).toMatchObject({ session: { id, client: 'cli' }, calls: [{ session: id, stage: 'done' }] })
    expect((await app.cli('sessions', 'show', 'se_none')).code).not.toBe(0)
  })

  it('suspends one session, whose calls are refused until it is resumed; only the person may', async () => {
    const call = () => app.operator('call', 'filesystem__list_allowed_directories')
    await call()
    const [{ id }] = json(await look('sessions', 'list', '--json')).sessions
    expect((await app.cli('sessions', 'suspend', id)).code).toBe(1)
    expect((await call()).code).toBe(0)
    expect((await app.operator('sessions', 'suspend', id)).code).toBe(0)
    expect((await call()).err).toContain('is suspended')
    expect(json(await look('sessions', 'show', id, '--json')).session.state).toBe('suspended')
    expect((await app.operator('sessions', 'resume', id)).code).toBe(0)
    expect((await call()).code).toBe(0)
    expect((await app.operator('sessions', 'resume', id)).err).toContain('not suspended')
  })

  it('explains a decision without calling', async () => {
    await app.operator('clients', 'pair', 'tester')
    const args = ['--client', 'tester', '--tool', 'filesystem__read_text_file', '--args', '{"path":"/etc/passwd"}']
    expect(json(await app.cli('permissions', 'test', ...args, '--json'))).toMatchObject({ effect: 'deny' })
  })

  it('calls a tool through the kernel', async () => {
    const called = await app.operator('call', 'filesystem__list_allowed_directories', '--json')
    expect(json(called)).toMatchObject({ isError: false })
    expect(called.code).toBe(0)
    const unknown = await app.operator('call', 'filesystem__no_such_tool')
    expect(unknown.code).toBe(1)
    expect(unknown.err + unknown.out).toContain('filesystem__no_such_tool')
  })

  it('asks about a call that writes, shows its arguments only to the operator, and makes it once approved', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-allowed-'))
    try {
      expect((await app.operator('servers', 'set', 'filesystem', '--allow-path', folder)).code).toBe(0)
      const path = join(folder, 'note.md')
      const write = app.operator('call', 'filesystem__write_file', '--args', JSON.stringify({ path, content: 'hello' }))
      const id = await pendingApproval(app)
      expect((await app.cli('approvals', 'show', id)).err).toContain('operator passphrase')
      expect((await app.operator('approvals', 'show', id)).out).toContain('hello')
      expect((await app.cli('approvals', 'approve', id)).code).toBe(1)
      expect(existsSync(path)).toBe(false)
      expect((await app.operator('approvals', 'approve', id)).code).toBe(0)
      expect((await write).code).toBe(0)
      expect(readFileSync(path, 'utf8')).toBe('hello')
      expect((await app.operator('approvals', 'approve', id)).code).toBe(1)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('asks in an open window for what the command line wants confirmed', async () => {
    const window = await theWindow()
    const asked = window.event('approvals.asked')
    const disable = app.cli('servers', 'disable', 'filesystem')
    const question = await asked
    expect(question.subject).toMatchObject({ kind: 'verb', verb: 'servers disable' })
    const allow = { id: question.id, decision: 'allow' }
    expect(await window.ask('approvals.decide', allow)).toMatchObject({ error: { code: 'operator.required' } })
    await window.confirm(operatorPassphrase)
    expect(await window.ask('approvals.decide', allow)).toMatchObject({ ok: true })
    const { code, err } = await disable
    expect(err).toContain('Waiting for your answer in the Gatehouse window')
    expect(code).toBe(0)
    const again = window.event('approvals.asked')
    const enable = app.cli('servers', 'enable', 'filesystem')
    expect(await window.ask('approvals.decide', { id: (await again).id, decision: 'deny' })).toMatchObject({ ok: true })
    expect((await enable).err).toContain('was not allowed in the window')
  })

  it('holds a folder to its rights and to its time, also while the person is asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-lent-'))
    const window = await theWindow()
    await window.confirm(operatorPassphrase)
    await app.operator('servers', 'enable', 'filesystem')
    try {
      const [there, fresh] = [join(folder, 'there.md'), join(folder, 'fresh.md')]
      writeFileSync(there, 'there')
      const call = (tool: string, args: object) =>
        app.operator('call', `filesystem__${tool}`, '--args', JSON.stringify(args))
      await app.operator('servers', 'set', 'filesystem', '--allow-path', `${folder}:list,create:1h`)
      expect((await app.cli('servers', 'inspect', 'filesystem')).out).toContain('it may: list, create, until')
      expect((await call('read_text_file', { path: there })).err).toContain('rights of a folder leave out')
      expect((await call('move_file', { source: there, destination: fresh })).code).toBe(1)
      const over = call('write_file', { path: there, content: 'over' })
      await app.operator('approvals', 'approve', await pendingApproval(app))
      expect((await over).out).toContain('without the right to write') // only the server sees that it is there
      const made = call('write_file', { path: fresh, content: 'fresh' })
      await app.operator('approvals', 'approve', await pendingApproval(app))
      expect((await made).code).toBe(0)
      expect(readFileSync(fresh, 'utf8')).toBe('fresh')

      const late = join(folder, 'late.md')
      const lent = { path: folder, access: 'write', until: Date.now() + 15_000 }
      expect(await window.ask('servers.set', { name: 'filesystem', allowedPaths: [lent] })).toMatchObject({ ok: true })
      const waiting = call('write_file', { path: late, content: 'late' })
      const id = await pendingApproval(app)
      await expect
        .poll(async () => (await look('servers', 'inspect', 'filesystem')).out, { timeout: 40_000, interval: 500 })
        .toContain('its time is over')
      await app.operator('approvals', 'approve', id)
      expect((await waiting).code).toBe(1)
      expect(existsSync(late)).toBe(false)
      expect((await look('audit', 'list', '--json')).out).toContain('The time is over for which')
      expect((await call('list_directory', { path: folder })).err).toContain('time is over')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('stops the app with the passphrase, and says afterwards that it is not running', async () => {
    expect(await app.operator('stop')).toMatchObject({ code: 0, out: 'Gatehouse has stopped.\n' })
    expect((await app.cli('status')).code).toBe(3)
  })
})

describe('starting the app again', () => {
  it('opens no unlocked window for a program that started it with a passphrase of its own', async () => {
    const first = await runningApp()
    await first.operator('stop')
    const restarted = await runningApp({
      home: first.home,
      env: { GATEHOUSE_OPERATOR_PASSPHRASE: 'mine now, says the app' },
    })
    try {
      const login = await fetch(new URL('/api/login', restarted.loginUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: new URL(restarted.loginUrl).hash.slice(1) }),
      })
      expect(await login.json()).toMatchObject({ authenticated: true, locked: true })
      const wrong = { GATEHOUSE_OPERATOR_PASSPHRASE: 'mine now, says the app' }
      const attempt = await runCommand(first.home, ['clients', 'pair', 'mallory'], wrong)
      expect(attempt).toMatchObject({ code: 1 })
      expect(attempt.err).toContain('not right')
      const right = { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase }
      expect((await runCommand(first.home, ['clients', 'pair', 'editor'], right)).code).toBe(0)
    } finally {
      await restarted.end()
      await first.end()
    }
  })
})

it('uninstalls: the keys, the start at sign-in and the window’s files go, the records stay', async () => {
  const place = await mkdtemp(join(tmpdir(), 'gatehouse-uninstall-'))
  const home = join(place, 'gatehouse') // the usual data folder, which alone starts at sign-in
  const entry = join(place, 'autostart', 'gatehouse.desktop')
  const going = await runningApp({ home, env: { XDG_CONFIG_HOME: place }, realCommandLine: true })
  try {
    mkdirSync(join(home, 'window', 'Cache'), { recursive: true })
    mkdirSync(join(place, 'autostart'))
    writeFileSync(entry, '[Desktop Entry]')
    await going.operator('clients', 'pair', 'editor')
    const { removed, kept } = json(await going.operator('uninstall', '--yes', '--json'))
    expect(removed).toContain('the pairing of “editor”')
    expect(removed).toContain('the entry that starts Gatehouse when you sign in')
    expect(removed.join()).toContain(join(home, 'window'))
    expect(kept.join()).toContain(join(home, 'audit'))
    expect([entry, join(home, 'window')].filter(existsSync)).toEqual([])
    expect(existsSync(join(home, 'audit'))).toBe(true)
  } finally {
    await going.end()
    await rm(place, { recursive: true, force: true })
  }
})
