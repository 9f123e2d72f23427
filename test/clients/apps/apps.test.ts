import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AiApps } from '../../../main/clients/apps/apps.ts'
import { formats } from '../../../main/clients/apps/config-format.ts'
import { ConnectionStore } from '../../../main/clients/apps/connection-store.ts'
import type { Database } from '../../../main/store/database.ts'
import { rowSeal } from '../../../main/store/row-seal.ts'
import { defaultWorkspace, type WorkspaceName } from '../../../shared/domain/ids.ts'
import { someClients } from '../some-clients.ts'

const seal = rowSeal(Buffer.alloc(32, 1))
const bridgeCommand = '/data/bin/gatehouse-bridge'
const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ456789'
const cursorText = `\ufeff{\r\n  // mine\r\n  "mcpServers": {\r\n    "git": { "command": "git-mcp", "env": { "TOKEN": "${secret}" } }, // keep\r\n  },\r\n}`

let folder: string
let apps: AiApps
let db: Database
let world: Awaited<ReturnType<typeof someClients>>
let tampered: string[]
let filesRead: string[]
const at = (...parts: string[]) => join(folder, ...parts)
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8')
const write = (text: string, ...parts: string[]) => {
  mkdirSync(dirname(at(...parts)), { recursive: true })
  writeFileSync(at(...parts), text)
}
const cursor = () => read('.cursor', 'mcp.json')
const copies = () => (existsSync(at('backups')) ? readdirSync(at('backups')) : [])

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-apps-')))
  world = await someClients()
  db = world.db
  tampered = []
  filesRead = []
  apps = someApps()
  write(cursorText, '.cursor', 'mcp.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function textOrNothing(file: string): string {
  filesRead.push(file)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function someApps(): AiApps {
  const { clients } = world
  return new AiApps({
    computer: { platform: 'linux', home: folder, env: {}, list: () => [], read: textOrNothing },
    store: new ConnectionStore(db, seal, (app) => tampered.push(app)),
    bridgeCommand,
    backups: at('backups'),
    clients: {
      pair: async (name, workspace) => {
        const isNew = clients.named(name)?.state !== 'paired'
        await clients.pairByPerson(name, workspace)
        return isNew
      },
      workspaceOf: (name) => {
        const client = clients.named(name)
        return client?.state === 'paired' ? client.workspace : undefined
      },
      revoke: (name) => clients.revoke(name),
    },
  })
}

const connect = async (id = 'cursor', replacing: string[] = []) =>
  apps.connect(id, (await apps.previewConnect(id, { replacing })).preview, { replacing })
const disconnect = async (id = 'cursor') => apps.disconnect(id, (await apps.previewDisconnect(id)).preview)

describe('connecting', () => {
  it('shows the change without the secrets in the file, and changes nothing yet', async () => {
    const shown = await apps.previewConnect('cursor')
    expect(shown.diff).toContain('+    "gatehouse": {')
    expect(shown.diff).not.toContain(secret)
    expect(cursor()).toBe(cursorText)
    expect(copies()).toEqual([])
  })

  it('writes what was shown, keeps a private copy, the mode of the file, and pairs the app', async () => {
    chmodSync(at('.cursor', 'mcp.json'), 0o640)
    await connect()
    const before = cursorText.replace('\r\n  },\r\n}', '')
    expect(cursor().startsWith(before)).toBe(true)
    expect(cursor().replaceAll('\r\n', '')).not.toContain('\n')
    expect(statSync(at('.cursor', 'mcp.json')).mode & 0o777).toBe(0o640)
    const [copy = ''] = copies()
    expect(copy).toMatch(/^cursor-\d{8}T\d{6}\.\d{3}Z-mcp\.json$/)
    expect(read('backups', copy)).toBe(cursorText)
    expect(statSync(at('backups', copy)).mode & 0o777).toBe(0o600)
    expect(world.clients.named('cursor')?.state).toBe('paired')
    expect(readdirSync(at('.cursor'))).toEqual(['mcp.json'])
  })

  it('makes the file of an app that is here without one, and removes it again', async () => {
    mkdirSync(at('.codex'))
    await connect('codex')
    expect(read('.codex', 'config.toml')).toContain('[mcp_servers.gatehouse]')
    expect(statSync(at('.codex', 'config.toml')).mode & 0o777).toBe(0o600)
    await disconnect('codex')
    expect(existsSync(at('.codex', 'config.toml'))).toBe(false)
  })

  it('takes the file the app reads, also while only an older place has one', async () => {
    const [packaged, usual] = [
      at('.config', 'Code', 'User', 'globalStorage', 'saoudrizwan.claude-dev', 'settings'),
      at('.cline'),
    ]
    mkdirSync(packaged, { recursive: true })
    write('{}', '.cline', 'data', 'settings', 'cline_mcp_settings.json')
    expect((await apps.previewConnect('cline')).file.startsWith(packaged)).toBe(true)
    rmSync(packaged, { recursive: true })
    expect((await apps.previewConnect('cline')).file.startsWith(usual)).toBe(true)
  })

  it('refuses an app that is not here, an unknown one, and one whose older file it would hide', async () => {
    await expect(apps.previewConnect('zed')).rejects.toMatchObject({ code: 'apps.absent' })
    await expect(apps.previewConnect('emacs')).rejects.toMatchObject({ code: 'input.invalid' })
    write('{}', '.continue', 'config.json')
    await expect(apps.previewConnect('continue')).rejects.toMatchObject({ code: 'input.invalid' })
    write('name: Mine\n', '.continue', 'config.yaml')
    await expect(apps.previewConnect('continue')).resolves.toMatchObject({ creates: false })
  })

  it('puts the app into the workspace the person chose, and never moves a paired one to another', async () => {
    const work = 'work' as WorkspaceName
    const { diff, preview } = await apps.previewConnect('cursor', { workspace: work })
    expect(diff).toMatch(/--workspace[\s\S]*work/)
    await apps.connect('cursor', preview, { workspace: work })
    expect(cursor()).toMatch(/"--client",\s*"cursor",\s*"--workspace",\s*"work"/)
    expect(world.clients.named('cursor')?.workspace).toBe(work)
    expect((await apps.detect()).find(({ id }) => id === 'cursor')).toMatchObject({ connected: true, workspace: work })
    const elsewhere = apps.previewConnect('cursor', { workspace: defaultWorkspace })
    await expect(elsewhere).rejects.toMatchObject({ params: { problem: expect.stringContaining('“work”') } })
    await disconnect()
    expect([cursor(), world.clients.named('cursor')?.state]).toEqual([cursorText, 'revoked'])
  })

  it('does not undo that the person suspended the app', async () => {
    await world.clients.pairByPerson('cursor')
    world.clients.suspend('cursor')
    await expect(connect()).rejects.toMatchObject({ code: 'client.suspended' })
    expect(cursor()).toBe(cursorText)
  })
})

describe('a file that cannot be changed safely is left as it is:', () => {
  const refused = async (code: string) => {
    await expect(apps.previewConnect('cursor')).rejects.toMatchObject({ code })
    const { problem } = (await apps.detect()).find(({ id }) => id === 'cursor') ?? {}
    expect(problem?.code).toBe(code)
  }

  it('one that is not JSON', async () => {
    write('{ "mcpServers": { ', '.cursor', 'mcp.json')
    await refused('apps.unparsable')
    expect(cursor()).toBe('{ "mcpServers": { ')
  })

  it('one that is not UTF-8', async () => {
    writeFileSync(at('.cursor', 'mcp.json'), Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))
    await refused('apps.unparsable')
  })

  it('a link, also to nowhere', async () => {
    write('{}', 'elsewhere.json')
    rmSync(at('.cursor', 'mcp.json'))
    symlinkSync(at('elsewhere.json'), at('.cursor', 'mcp.json'))
    await refused('apps.unsafe')
    expect(read('elsewhere.json')).toBe('{}')
    expect(lstatSync(at('.cursor', 'mcp.json')).isSymbolicLink()).toBe(true)
    rmSync(at('elsewhere.json'))
    await refused('apps.unsafe')
  })

  it('one that is read-only', async () => {
    chmodSync(at('.cursor', 'mcp.json'), 0o444)
    await refused('apps.unsafe')
  })

  it('a folder, and one larger than 16 MB', async () => {
    truncateSync(at('.cursor', 'mcp.json'), 17 * 1024 * 1024)
    await refused('apps.unsafe')
    rmSync(at('.cursor', 'mcp.json'))
    mkdirSync(at('.cursor', 'mcp.json'))
    await refused('apps.unsafe')
  })

  it('one whose servers are no table', async () => {
    write('{ "mcpServers": [1] }', '.cursor', 'mcp.json')
    await refused('apps.unparsable')
  })

  it('one that changed after it was shown; the pairing that came with it ends', async () => {
    const { preview } = await apps.previewConnect('cursor')
    write('{ "mcpServers": {} }', '.cursor', 'mcp.json')
    await expect(apps.connect('cursor', preview)).rejects.toMatchObject({ code: 'apps.changed' })
    expect(cursor()).toBe('{ "mcpServers": {} }')
    expect(world.clients.named('cursor')).toBeUndefined()
  })

  it('one that changes while it is written', async () => {
    const { preview } = await apps.previewConnect('cursor')
    const { clients } = world
    const pair = clients.pairByPerson.bind(clients)
    clients.pairByPerson = async (...given) => {
      const paired = await pair(...given)
      write('{ "mine": 1 }', '.cursor', 'mcp.json')
      return paired
    }
    await expect(apps.connect('cursor', preview)).rejects.toMatchObject({ code: 'apps.changed' })
    expect(cursor()).toBe('{ "mine": 1 }')
    expect(readdirSync(at('.cursor'))).toEqual(['mcp.json'])
    expect(clients.named('cursor')?.state).toBe('revoked')
  })
})

describe('disconnecting', () => {
  it('puts the file back byte for byte, and ends the pairing that came with it', async () => {
    await connect()
    await disconnect()
    expect(cursor()).toBe(cursorText)
    expect(world.clients.named('cursor')?.state).toBe('revoked')
    expect((await apps.detect()).find(({ id }) => id === 'cursor')?.connected).toBe(false)
  })

  it('leaves a pairing alone that was there before', async () => {
    await world.clients.pairByPerson('cursor')
    await connect()
    await disconnect()
    expect(world.clients.named('cursor')?.state).toBe('paired')
  })

  it('takes out just the entry when the file has changed since', async () => {
    await connect()
    write(cursor().replace('// mine', '// changed by the app'), '.cursor', 'mcp.json')
    await disconnect()
    expect(cursor()).toBe(cursorText.replace('// mine', '// changed by the app'))
  })

  it('brings back the entries that gave way, byte for byte or, in a changed file, by themselves', async () => {
    await connect('cursor', ['git'])
    expect(cursor()).not.toContain('git-mcp')
    await disconnect()
    expect(cursor()).toBe(cursorText)
    await connect('cursor', ['git'])
    write(cursor().replace('// mine', '// changed'), '.cursor', 'mcp.json')
    await disconnect()
    expect(cursor()).toContain('// changed')
    expect(await apps.servers('cursor')).toMatchObject([{ name: 'git', command: 'git-mcp', env: { TOKEN: secret } }])
  })

  it('goes back to the very first file after connecting twice', async () => {
    await connect()
    await connect('cursor', ['git'])
    await disconnect()
    expect(cursor()).toBe(cursorText)
  })

  it('survives a restart, and trusts no row that was edited', async () => {
    await connect()
    apps = someApps()
    expect((await apps.previewDisconnect('cursor')).diff).toContain('-    "gatehouse": {')
    db.prepare('UPDATE app_connection SET backup = ?').run(at('elsewhere'))
    await disconnect()
    expect(tampered).toContain('cursor')
    expect(cursor()).toBe(cursorText)
  })

  it('takes out just the entry when the copy is gone or was changed', async () => {
    await connect()
    const [copy = ''] = copies()
    writeFileSync(at('backups', copy), 'something else')
    await disconnect()
    expect(cursor()).toBe(cursorText)
  })

  it('refuses an app that is not connected', async () => {
    await expect(apps.previewDisconnect('cursor')).rejects.toMatchObject({ code: 'input.invalid' })
  })

  it('of all apps at once restores each, and names the ones it could not', async () => {
    write('model = "x"\n', '.codex', 'config.toml')
    write('', '.gemini', 'settings.json')
    await connect()
    await connect('codex')
    await connect('gemini-cli')
    chmodSync(at('.codex', 'config.toml'), 0o444)
    const { restored, failed } = await apps.disconnectAll()
    expect(restored.map(({ app }) => app).sort()).toEqual(['cursor', 'gemini-cli'])
    expect(failed).toMatchObject([['Codex CLI', { code: 'apps.unsafe' }]])
    expect(cursor()).toBe(cursorText)
    expect(read('.gemini', 'settings.json')).toBe('')
  })
})

it('lists the apps that are here, their own servers, and whether they are connected', async () => {
  write(
    'extensions:\n  developer:\n    type: builtin\n  git:\n    type: stdio\n    cmd: git-mcp\n',
    '.config',
    'goose',
    'config.yaml',
  )
  await connect()
  const found = (await apps.detect()).filter((app) => app.found)
  expect(found.map(({ id, connected, servers }) => [id, connected, servers.map(({ name }) => name)])).toEqual([
    ['cursor', true, ['git']],
    ['goose', false, ['git']],
  ])
})

it('writes one file after the other when asked at once', async () => {
  const { preview } = await apps.previewConnect('cursor')
  const both = await Promise.allSettled([apps.connect('cursor', preview), apps.connect('cursor', preview)])
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  linkSync(at('.cursor', 'mcp.json'), at('copy'))
  await disconnect()
  expect(cursor()).toBe(cursorText)
})

describe('the folder of a project', () => {
  const project = () => at('work', 'site')

  it.each([
    ['claude-code', '.mcp.json', 'mcpServers'],
    ['cursor', '.cursor/mcp.json', 'mcpServers'],
    ['vscode', '.vscode/mcp.json', 'servers'],
    ['zed', '.zed/settings.json', 'context_servers'],
    ['gemini-cli', '.gemini/settings.json', 'mcpServers'],
  ])('has servers of %s in %s, whether or not the app is here', async (id, file, key) => {
    write(
      JSON.stringify({ [key]: { site: { command: 'site-mcp' }, own: { command: bridgeCommand } } }),
      'work',
      'site',
      file,
    )
    expect(await apps.servers(id, project())).toMatchObject([{ name: 'site', kind: 'command', command: 'site-mcp' }])
  })

  it('has servers of Codex in its own words', async () => {
    write('[mcp_servers.site]\ncommand = "site-mcp"\n', 'work', 'site', '.codex', 'config.toml')
    expect(await apps.servers('codex', project())).toMatchObject([{ name: 'site' }])
  })

  it('is refused when it is not named in full, has nothing, or is nothing to the app', async () => {
    const problem = (id: string, where: string) => apps.servers(id, where).catch((error) => error.params.problem)
    expect(await problem('cursor', 'work/site')).toContain('Name the folder in full')
    expect(await problem('cursor', project())).toContain('Cursor has no servers in that folder')
    expect(await problem('goose', project())).toContain('keeps no servers in the folder of a project')
  })

  it('that leads elsewhere by a link is not read', async () => {
    write('{"mcpServers":{}}', 'elsewhere.json')
    mkdirSync(project(), { recursive: true })
    symlinkSync(at('elsewhere.json'), join(project(), '.mcp.json'))
    await expect(apps.servers('claude-code', project())).rejects.toMatchObject({ code: 'apps.unsafe' })
  })
})

describe('the profiles of VS Code', () => {
  const code = ['.config', 'Code', 'User']
  beforeEach(() => {
    const userDataProfiles = [
      { location: '-5d8f2a', name: 'Work' },
      { location: 'plain', name: 'Plain', useDefaultFlags: { mcp: true } },
      { location: '../../evil', name: 'Evil' },
    ]
    write(JSON.stringify({ userDataProfiles }), ...code, 'globalStorage', 'storage.json')
    write('{ "servers": { "site": { "command": "site-mcp" } } }\n', ...code, 'profiles', '-5d8f2a', 'mcp.json')
  })

  it('with servers of their own are found beside it, each with its file', async () => {
    const found = (await apps.detect()).filter(({ id }) => id.startsWith('vscode'))
    expect(found.map(({ id, title, file }) => [id, title, file])).toEqual([
      ['vscode', 'VS Code', at(...code, 'mcp.json')],
      ['vscode-5d8f2a', 'VS Code (Work)', at(...code, 'profiles', '-5d8f2a', 'mcp.json')],
    ])
    expect(await apps.servers('vscode-5d8f2a')).toMatchObject([{ name: 'site' }])
  })

  it('are connected under a name of their own, and put back', async () => {
    const file = [...code, 'profiles', '-5d8f2a', 'mcp.json']
    const before = read(...file)
    await connect('vscode-5d8f2a')
    expect(JSON.parse(read(...file)).servers.gatehouse.args).toEqual(['--client', 'vscode-5d8f2a'])
    expect(world.clients.named('vscode-5d8f2a')?.state).toBe('paired')
    await disconnect('vscode-5d8f2a')
    expect(read(...file)).toBe(before)
  })
})

describe('the projects of Claude Code', () => {
  const file = '.claude.json'
  const [site, plain] = ['/projects/site', '/projects/plain']
  const text = `{
  "numStartups": 12,
  "projects": {
    "${plain}": { "allowedTools": [], "mcpServers": {} },
    "/projects/other": {
      "mcpServers": { "far": { "command": "far-mcp", "args": ["--key", "${secret}"] } }
    },
    "${site}": {
      "mcpServers": {
        "db": { "type": "stdio", "command": "db-mcp", "env": { "TOKEN": "${secret}" } }
      },
      "history": [{ "display": "hello" }]
    }
  },
  "mcpServers": { "everywhere": { "command": "all-mcp" } }
}
`
  const ofSite = async () =>
    (await apps.detect()).find(({ title }) => title.includes(site)) ?? expect.fail('the project is not shown')
  beforeEach(() => write(text, file))

  it('with servers of their own are shown beside the app, each with those', async () => {
    const found = (await apps.detect()).filter(({ id }) => id.startsWith('claude-code'))
    expect(found.map(({ title, servers }) => [title, servers.map(({ name }) => name)])).toEqual([
      ['Claude Code', ['everywhere']],
      ['Claude Code (/projects/other)', ['far']],
      [`Claude Code (${site})`, ['db']],
    ])
    const { id } = await ofSite()
    expect(id).toMatch(/^claude-code-site-[0-9a-f]{8}$/)
    expect(await apps.servers(id)).toMatchObject([{ name: 'db', command: 'db-mcp', env: { TOKEN: secret } }])
  })

  it('are found by their folder, before what stands in its shared file', async () => {
    const project = at('work', 'here')
    const own = { db: { command: 'mine' }, gatehouse: { command: bridgeCommand } }
    write(JSON.stringify({ projects: { [project]: { mcpServers: own } } }), file)
    expect((await apps.servers('claude-code', `${project}/`)).map(({ command }) => command)).toEqual(['mine'])
    const shared = { db: { command: 'of all' }, more: { command: 'more-mcp' } }
    write(JSON.stringify({ mcpServers: shared }), 'work', 'here', '.mcp.json')
    expect((await apps.servers('claude-code', project)).map(({ command }) => command)).toEqual(['mine', 'more-mcp'])
    await expect(apps.servers('claude-code', plain)).rejects.toMatchObject({ code: 'input.invalid' })
  })

  it('give way to Gatehouse in the one project, and come back byte for byte', async () => {
    const { id } = await ofSite()
    const shown = await apps.previewConnect(id, { replacing: ['db'] })
    expect(shown.diff).toContain('+        "gatehouse": {')
    expect(shown.diff).not.toContain(secret)
    await connect(id, ['db'])
    const { projects, ...others } = JSON.parse(read(file))
    expect(Object.keys(projects[site].mcpServers)).toEqual(['gatehouse'])
    expect(projects[site].mcpServers.gatehouse.args).toEqual(['--client', id])
    expect(others).toEqual({ numStartups: 12, mcpServers: JSON.parse(text).mcpServers })
    expect(world.clients.named(id)?.state).toBe('paired')
    await disconnect(id)
    expect(read(file)).toBe(text)
    expect(world.clients.named(id)?.state).toBe('revoked')
  })

  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`/many/${at}`, { mcpServers: { db: { command: 'db-mcp' } } }]),
    )
  const shownProjects = async () => (await apps.detect()).filter(({ id }) => id.startsWith('claude-code-'))

  it('are the first 20, and every one that is connected stays among them and can be put back', async () => {
    write(JSON.stringify({ projects: many(21) }), file)
    expect((await shownProjects()).map(({ title }) => title).at(-1)).toBe('Claude Code (/many/19)')
    const { id } = (await shownProjects()).at(-1) ?? expect.fail('no project is shown')
    await connect(id)
    const { projects } = JSON.parse(read(file))
    const first = { '/many/first': { mcpServers: { new: { command: 'new-mcp' } } } }
    write(JSON.stringify({ projects: { ...first, ...projects } }), file)
    expect(await shownProjects()).toHaveLength(21)
    db.exec('DELETE FROM app_connection')
    expect((await apps.previewDisconnect(id)).diff).toContain('gatehouse')
    const { restored, failed } = await apps.disconnectAll()
    expect([restored.map(({ app }) => app), failed]).toEqual([[id], []])
    expect(read(file)).not.toContain(bridgeCommand)
  })

  it('that are connected and gone can be disconnected still, alone and with all others, and not connected', async () => {
    const { id } = await ofSite()
    await connect(id)
    write(JSON.stringify({ projects: { [site]: {} } }), file)
    expect((await shownProjects()).map((app) => app.id)).toEqual([id])
    write('{}', file)
    expect(await shownProjects()).toMatchObject([{ id, connected: true, servers: [] }])
    await expect(apps.previewConnect(id)).rejects.toMatchObject({ code: 'apps.absent' })
    await disconnect(id)
    expect([read(file), world.clients.named(id)?.state, await shownProjects()]).toEqual(['{}', 'revoked', []])
  })

  it('that are gone end with all connections, and stay while their file cannot be understood', async () => {
    const { id } = await ofSite()
    await connect(id)
    write('{ "projects": ', file)
    await expect(apps.previewDisconnect(id)).rejects.toMatchObject({ code: 'apps.unparsable' })
    expect(world.clients.named(id)?.state).toBe('paired')
    write('{}', file)
    const { restored, failed } = await apps.disconnectAll()
    expect([restored.map(({ app }) => app), failed]).toEqual([[id], []])
    expect(world.clients.named(id)?.state).toBe('revoked')
  })

  it('are found by reading and parsing their file once', async () => {
    write(JSON.stringify({ projects: many(20) }), file)
    const parse = vi.spyOn(formats.json, 'read')
    try {
      expect(await shownProjects()).toHaveLength(20)
      expect(parse.mock.calls.filter(([text]) => text.includes('/many/'))).toHaveLength(1)
      expect(filesRead).not.toContain(at(file))
    } finally {
      parse.mockRestore()
    }
  })

  it('are put back by themselves in a file the app wrote meanwhile, and none is where there is no project any more', async () => {
    const { id } = await ofSite()
    await connect(id, ['db'])
    write(read(file).replace('"numStartups": 12', '"numStartups": 13'), file)
    await disconnect(id)
    expect(JSON.parse(read(file))).toEqual({ ...JSON.parse(text), numStartups: 13 })
    const { preview } = await apps.previewConnect(id)
    write(text.replaceAll(site, '/projects/moved'), file)
    await expect(apps.connect(id, preview)).rejects.toMatchObject({ code: 'input.invalid' })
  })
})
