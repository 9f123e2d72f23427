import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { aQuestion, passphrase } from '../shells/shell-world.ts'
import { anApp, eachInOwnHome, gatehouse, launch, withPassphrase } from './an-app.ts'

eachInOwnHome()

describe('the command line', () => {
  it('says that Gatehouse is not running, and what to do, with exit code 3', async () => {
    const { err, code, out } = await gatehouse(['servers', 'list'])
    expect(code).toBe(3)
    expect(out).toBe('')
    expect(err).toContain('gatehouse start')
    const json = await gatehouse(['status', '--json'])
    expect(json.code).toBe(3)
    expect(JSON.parse(json.out)).toEqual({ ready: false })
  })

  it('answers wrong usage with exit code 2 and says what is right', async () => {
    expect(await gatehouse(['servers', 'frobnicate'])).toMatchObject({ code: 2, out: '' })
    expect((await gatehouse(['permissions', 'allow'])).err).toContain('--tool')
    expect((await gatehouse(['approvals', 'approve', 'x', '--remember', 'forever'])).code).toBe(2)
    expect((await gatehouse(['servers', 'add', 'x', '--sandbox', '9', '--', 'true'])).code).toBe(2)
    expect((await gatehouse(['--help'])).code).toBe(0)
  })

  it('reads what is wrong of a person, what is right and whom it is about from stdin, where others do not see it', async () => {
    const { seen, answers } = await anApp()
    answers['privacy.rectify'] = () => ({ request: 'pr_0123456789abcdef', changed: ['Garden'] })
    const rectify = (args: string[], stdin: string) =>
      gatehouse(['privacy', 'rectify', '--called', 'a letter', ...args], { ...withPassphrase, stdin })
    const correction = {
      subject: ['Ana Zarzavat', 'ana@x.test'],
      called: 'a letter',
      wrong: 'waters it',
      right: 'plants it',
    }
    expect((await rectify([], 'waters it\nplants it\nAna Zarzavat\nana@x.test\n')).out).toBe('Corrected: Garden.\n')
    expect((await rectify(['Ana Zarzavat', 'ana@x.test'], 'waters it\nplants it\n')).code).toBe(0)
    expect((await rectify(['--wrong', 'waters it', '--right', 'plants it'], 'Ana Zarzavat\nana@x.test')).code).toBe(0)
    const asked = seen.filter(({ channel }) => channel === 'privacy.rectify').map(({ input }) => input)
    expect(asked).toEqual([correction, correction, correction])
    expect(await rectify(['Ana Zarzavat'], 'waters it\n')).toMatchObject({ code: 2, out: '' })
    expect(await rectify([], 'waters it\nplants it\n')).toMatchObject({ code: 2, out: '' })
  })

  it('prints one JSON document with --json, wherever it stands, and text without', async () => {
    await anApp()
    const json = await gatehouse(['status', '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ ready: true, pending: 1 })
    expect(JSON.parse((await gatehouse(['--json', 'approvals', 'list'])).out).approvals[0]).toMatchObject({
      id: 'ap_call',
      state: 'pending',
      client: 'Editor',
      tool: 'filesystem__write_file',
    })
    expect((await gatehouse(['status'])).out).toContain('2, 1 running')
  })

  it('keeps a refusal a JSON document too, with the sentence on stderr', async () => {
    await anApp()
    const { out, err, code } = await gatehouse(['servers', 'logs', 'x', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out).error.code).toBe('operator.required')
    expect(err).toContain('operator passphrase')
  })

  it.each([
    ['approvals', 'approve', 'ap_call'],
    ['approvals', 'approve', 'ap_call', '--remember', 'tool'],
    ['permissions', 'allow', '--tool', '*'],
    ['servers', 'logs', 'x'],
    ['audit', 'export'],
    ['approvals', 'show', 'ap_call'],
    ['call', 'x__y'],
  ])('does nothing for a program without the passphrase: %s %s %s %s %s', async (...args) => {
    const { seen } = await anApp()
    const claims = {
      GATEHOUSE_SHELL: 'electron',
      GATEHOUSE_WINDOW: '1',
      GATEHOUSE_CONFIRMED: '1',
      DISPLAY: ':0',
      SSH_TTY: '/dev/pts/0',
    }
    const attempt = await gatehouse(
      args.filter((arg) => arg !== undefined),
      { env: claims },
    )
    expect(attempt.code).toBe(1)
    expect(attempt.err).toContain('operator passphrase')
    expect(seen).toEqual([])
  })

  it('makes a program that guesses wait', async () => {
    const { operator, seen } = await anApp()
    const guess = (given: string) =>
      gatehouse(['approvals', 'approve', 'ap_call'], { env: { GATEHOUSE_OPERATOR_PASSPHRASE: given } })
    for (let n = 0; n < 5; n++) expect((await guess(`guess ${n}`)).err).toContain('not right')
    expect((await guess('guess 6')).err).toContain('Too many')
    expect((await guess(passphrase)).err).toContain('Too many')
    expect(operator.tried).toBe(5)
    expect(seen).toEqual([])
  })

  it('approves with the passphrase from its environment', async () => {
    const { seen } = await anApp()
    const args = ['approvals', 'approve', 'ap_call', '--remember', 'arguments', '--until', '2h']
    expect(await gatehouse(args, withPassphrase)).toMatchObject({ code: 0, out: 'Allowed.\n' })
    const decision = { id: 'ap_call', decision: 'allow', scope: 'arguments', until: expect.any(Number) }
    expect(seen[0]?.input).toMatchObject(decision)
  })

  it('denies with a reason for the AI app', async () => {
    const { seen } = await anApp()
    expect((await gatehouse(['approvals', 'deny', 'ap_call', '--reason', 'not today'], withPassphrase)).code).toBe(0)
    expect(seen[0]?.input).toMatchObject({ decision: 'deny', reason: 'not today' })
  })

  it('waits for the window when the app has one, and says so', async () => {
    await anApp({ askPerson: async () => false })
    const { err, code } = await gatehouse(['servers', 'disable', 'x'])
    expect(code).toBe(1)
    expect(err).toContain('Waiting for your answer in the Gatehouse window')
    expect(err).toContain('was not allowed in the window')
  })

  it('shows the plan before it adds a server, and adds nothing without an agreement', async () => {
    const { seen, answers } = await anApp()
    answers['servers.plan'] = ({ command, args }: { command: string; args: string[] }) => ({
      command: [command, ...args].join(' '),
      resolvedExecutable: '/usr/bin/node',
      environmentNames: ['TOKEN'],
      sandbox: 3,
      mayTouch: ['Reads /data.'],
      warnings: [],
    })
    const args = ['servers', 'add', 'notes', '--sandbox', 'strict', '--allow-path', 'data:ro', '--env', 'A=b=c']
    const command = ['--secret', 'TOKEN', '--', './run.sh', '--yes', '-x']
    const refused = await gatehouse([...args, ...command], withPassphrase)
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('/somewhere/run.sh --yes -x')
    expect(refused.err).toContain('Reads /data.')
    expect(seen.map((call) => call.channel)).toEqual(['servers.plan'])
    expect(seen[0]?.input).toEqual({
      name: 'notes',
      command: '/somewhere/run.sh',
      args: ['--yes', '-x'],
      sandbox: 3,
      allowedPaths: [{ path: '/somewhere/data', access: 'read' }],
      env: { A: 'b=c' },
      secretNames: ['TOKEN'],
    })
  })

  it('takes rights and a time after a folder, and leaves colons that are none of these', async () => {
    const { seen, answers } = await anApp()
    answers['servers.plan'] = () => ({
      command: 'node',
      resolvedExecutable: '/usr/bin/node',
      environmentNames: [],
      sandbox: 2,
      mayTouch: [],
      warnings: [],
    })
    const folders = ['/a:list,create,read:2h', '/b:ro:1d', '/c:24h', '/d:x', '/e:read,list', '/f:list,fly']
    const options = folders.flatMap((folder) => ['--allow-path', folder])
    const before = Date.now()
    await gatehouse(['servers', 'add', 'notes', ...options, '--', 'node'], withPassphrase)
    const { allowedPaths } = (seen[0] as { input: unknown }).input as {
      allowedPaths: { path: string; access: unknown; until?: number }[]
    }
    expect(allowedPaths.map(({ path, access }) => [path, access])).toEqual([
      ['/a', ['list', 'read', 'create']],
      ['/b', 'read'],
      ['/c', 'write'],
      ['/d:x', 'write'],
      ['/e', 'read'],
      ['/f:list,fly', 'write'],
    ])
    const hours = allowedPaths.map(({ until }) => until && Math.round((until - before) / 3_600_000))
    expect(hours).toEqual([2, 24, 24, undefined, undefined, undefined])
  })

  it('reads a secret from stdin and takes none as an argument', async () => {
    const { seen } = await anApp()
    expect((await gatehouse(['secrets', 'set', 'x', 'TOKEN', 'value'], withPassphrase)).code).toBe(2)
    const { code, out } = await gatehouse(['secrets', 'set', 'x', 'TOKEN'], { ...withPassphrase, stdin: 'v3ry\n' })
    expect(code).toBe(0)
    expect(out).not.toContain('v3ry')
    const set = seen.find(({ channel }) => channel === 'secrets.set')
    expect(set?.input).toEqual({ server: 'x', name: 'TOKEN', value: 'v3ry' })
  })

  it('says of forged records that they were found since the start, and ends with 1', async () => {
    const { answers } = await anApp()
    answers['integrity.state'] = () => ({ sound: true, findings: [], forged: ['A task was changed.'], held: [] })
    const { code, out } = await gatehouse(['integrity', 'show'])
    expect(code).toBe(1)
    expect(out).toMatch(/^Found since Gatehouse started; .*\n {2}A task was changed\.\n/)
  })

  it('ends with 1 when the audit log is not intact', async () => {
    await anApp()
    expect(await gatehouse(['audit', 'verify'])).toMatchObject({ code: 1, out: 'Entry 3 was changed.\n' })
  })

  it('asks for a part of the log by its numbers, and for a file without them', async () => {
    const { answers, seen } = await anApp()
    answers['audit.verify'] = () => ({ valid: true, checked: 4, notAnchored: 0, tombstones: 0, sentence: 'Intact.' })
    expect(await gatehouse(['audit', 'verify', '--from', '3', '--to', '6'])).toMatchObject({
      code: 0,
      out: 'Intact.\n',
    })
    expect(seen.at(-1)).toMatchObject({ channel: 'audit.verify', input: { from: 3, to: 6 } })
    expect(await gatehouse(['audit', 'verify', 'log.jsonl', '--from', '3'])).toMatchObject({ code: 2 })
  })

  it('shows one session with its calls, freely', async () => {
    const { answers } = await anApp()
    const shown = { id: 'se_2', client: 'Editor', state: 'active', door: 'bridge', startedAt: 0, lastActiveAt: 0 }
    const call = { callId: 'ca_1', session: 'se_2', client: 'Editor', entry: 'x__y', stage: 'refused', at: 0 }
    answers['sessions.show'] = () => ({
      session: { ...shown, calls: 2, refused: 1, follows: 'se_1' },
      calls: [{ ...call, code: 'policy.denied' }],
      flow: { reads: [], sent: [] },
    })
    const { out, code } = await gatehouse(['sessions', 'show', 'se_2'])
    expect(code).toBe(0)
    expect(out).toMatch(/Calls +2, 1 refused/)
    expect(out).toMatch(/After +se_1, which was ended; the app connected again/)
    expect(out).toMatch(/x__y +refused +policy\.denied/)
    expect(JSON.parse((await gatehouse(['sessions', 'show', 'se_2', '--json'])).out).session.follows).toBe('se_1')
  })

  it('suspends and resumes an AI app only with the operator passphrase', async () => {
    const { answers, seen } = await anApp()
    answers['clients.suspend'] = answers['clients.resume'] = () => undefined
    for (const [verb, state] of [
      ['suspend', 'suspended'],
      ['resume', 'paired'],
    ] as const) {
      expect(await gatehouse(['clients', verb, 'Editor'])).toMatchObject({ code: 1 })
      expect(seen.map(({ channel }) => channel)).not.toContain(`clients.${verb}`)
      const done = await gatehouse(['clients', verb, 'Editor', '--json'], withPassphrase)
      expect(JSON.parse(done.out)).toEqual({ name: 'Editor', state })
      expect(seen.at(-1)).toMatchObject({ channel: `clients.${verb}`, input: { name: 'Editor' } })
    }
  })

  it('says what uninstalling removed and what it kept', async () => {
    const { answers } = await anApp()
    answers['system.uninstall'] = () => ({ removed: ['the start at sign-in'], kept: ['the audit log'] })
    const { out } = await gatehouse(['uninstall', '--yes'], withPassphrase)
    expect(out).toBe('Removed: the start at sign-in\nKept: the audit log\n')
  })

  it('ends with 1 when a called tool reports an error', async () => {
    const { answers } = await anApp()
    answers['tools.call'] = () => ({ isError: true, content: [{ type: 'text', text: 'no such file' }] })
    const called = await gatehouse(['call', 'x__y', '--args', '{"path":"a"}'], withPassphrase)
    expect(called).toMatchObject({ code: 1, out: 'no such file\n' })
    expect((await gatehouse(['call', 'x__y', '--args', '[1]'], withPassphrase)).code).toBe(2)
  })

  it('writes out what a server would draw on the terminal', async () => {
    const { answers } = await anApp()
    answers['servers.logs'] = () => ({ lines: ['\u001b[2Jnothing to see\u202e'] })
    const { out } = await gatehouse(['servers', 'logs', 'x'], withPassphrase)
    expect(out).toBe('\\u001b[2Jnothing to see\\u202e\n')
  })

  it('streams questions, one JSON document a line, until the app ends', async () => {
    const app = await anApp()
    const watching = launch(['approvals', 'watch', '--json'])
    const lines = watching.stdout.setEncoding('utf8')
    const [first] = await once(lines, 'data')
    expect(JSON.parse(first)).toMatchObject({ event: 'approvals.asked', id: 'ap_call', state: 'pending' })
    app.events.emit('approvals.asked', aQuestion('ap_2', 'call') as never)
    const [second] = await once(lines, 'data')
    expect(JSON.parse(second)).toMatchObject({ event: 'approvals.asked', id: 'ap_2' })
    app.stop()
    expect(await watching.exit).toBe(3)
  })
})
