import { expect, it } from 'vitest'
import { formats, withEntry } from '../../../main/clients/apps/config-format.ts'
import { type Computer, knownApps } from '../../../main/clients/apps/known-apps.ts'

const computers: Record<Computer['platform'], Computer> = {
  linux: { platform: 'linux', home: '/home/ana', env: { PATH: '/usr/bin' }, list: () => [] },
  darwin: { platform: 'darwin', home: '/Users/ana', env: {}, list: () => [] },
  win32: {
    platform: 'win32',
    home: 'C:\\Users\\ana',
    env: { APPDATA: 'C:\\Users\\ana\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\ana\\AppData\\Local' },
    list: (folder) => (folder.endsWith('\\Packages') ? ['Other_1', 'Claude_pzs8sxrjxfjjc'] : []),
  },
}
const filesOn = (platform: Computer['platform']) =>
  Object.fromEntries(knownApps.map(({ id, files }) => [id, files(computers[platform])]))

it('knows each app’s file on Linux', () => {
  expect(filesOn('linux')).toEqual({
    'claude-desktop': ['/home/ana/.config/Claude/claude_desktop_config.json'],
    'claude-code': ['/home/ana/.claude.json'],
    cursor: ['/home/ana/.cursor/mcp.json'],
    vscode: ['/home/ana/.config/Code/User/mcp.json'],
    windsurf: ['/home/ana/.codeium/windsurf/mcp_config.json'],
    zed: ['/home/ana/.config/zed/settings.json'],
    codex: ['/home/ana/.codex/config.toml'],
    'gemini-cli': ['/home/ana/.gemini/settings.json'],
    goose: ['/home/ana/.config/goose/config.yaml'],
    'lm-studio': ['/home/ana/.lmstudio/mcp.json', '/home/ana/.cache/lm-studio/mcp.json'],
    cline: [
      '/home/ana/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json',
      '/home/ana/.cline/data/settings/cline_mcp_settings.json',
    ],
    continue: ['/home/ana/.continue/config.yaml'],
  })
})

it('knows each app’s file on macOS', () => {
  const support = '/Users/ana/Library/Application Support'
  expect(filesOn('darwin')).toEqual({
    'claude-desktop': [`${support}/Claude/claude_desktop_config.json`],
    'claude-code': ['/Users/ana/.claude.json'],
    cursor: ['/Users/ana/.cursor/mcp.json'],
    vscode: [`${support}/Code/User/mcp.json`],
    windsurf: ['/Users/ana/.codeium/windsurf/mcp_config.json'],
    zed: ['/Users/ana/.config/zed/settings.json'],
    codex: ['/Users/ana/.codex/config.toml'],
    'gemini-cli': ['/Users/ana/.gemini/settings.json'],
    goose: ['/Users/ana/.config/goose/config.yaml'],
    'lm-studio': ['/Users/ana/.lmstudio/mcp.json', '/Users/ana/.cache/lm-studio/mcp.json'],
    cline: [
      `${support}/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json`,
      '/Users/ana/.cline/data/settings/cline_mcp_settings.json',
    ],
    continue: ['/Users/ana/.continue/config.yaml'],
  })
})

it('knows each app’s file on Windows, the packaged Claude Desktop’s own copy first', () => {
  const roaming = 'C:\\Users\\ana\\AppData\\Roaming'
  const packaged = 'C:\\Users\\ana\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming'
  expect(filesOn('win32')).toEqual({
    'claude-desktop': [
      `${packaged}\\Claude\\claude_desktop_config.json`,
      `${roaming}\\Claude\\claude_desktop_config.json`,
    ],
    'claude-code': ['C:\\Users\\ana\\.claude.json'],
    cursor: ['C:\\Users\\ana\\.cursor\\mcp.json'],
    vscode: [`${roaming}\\Code\\User\\mcp.json`],
    windsurf: ['C:\\Users\\ana\\.codeium\\windsurf\\mcp_config.json'],
    zed: [`${roaming}\\Zed\\settings.json`],
    codex: ['C:\\Users\\ana\\.codex\\config.toml'],
    'gemini-cli': ['C:\\Users\\ana\\.gemini\\settings.json'],
    goose: [`${roaming}\\Block\\goose\\config\\config.yaml`],
    'lm-studio': ['C:\\Users\\ana\\.lmstudio\\mcp.json', 'C:\\Users\\ana\\.cache\\lm-studio\\mcp.json'],
    cline: [
      `${roaming}\\Code\\User\\globalStorage\\saoudrizwan.claude-dev\\settings\\cline_mcp_settings.json`,
      'C:\\Users\\ana\\.cline\\data\\settings\\cline_mcp_settings.json',
    ],
    continue: ['C:\\Users\\ana\\.continue\\config.yaml'],
  })
})

it('follows the variables apps follow', () => {
  const env = { XDG_CONFIG_HOME: '/x', CODEX_HOME: '/codex', CLAUDE_CONFIG_DIR: '/claude', GEMINI_CLI_HOME: '/gemini' }
  const files = (id: string) => knownApps.find((app) => app.id === id)?.files({ ...computers.linux, env })
  expect(files('zed')).toEqual(['/x/zed/settings.json'])
  expect(files('codex')).toEqual(['/codex/config.toml'])
  expect(files('claude-code')).toEqual(['/claude/.claude.json'])
  expect(files('gemini-cli')).toEqual(['/gemini/.gemini/settings.json'])
})

it('looks for programs where each platform has them', () => {
  const cursor = knownApps.find(({ id }) => id === 'cursor')
  expect(cursor?.traces(computers.linux)).toContain('/usr/bin/cursor')
  expect(cursor?.traces(computers.darwin)).toContain('/Applications/Cursor.app')
  expect(cursor?.traces(computers.win32)).toContain('C:\\Users\\ana\\AppData\\Local\\Programs\\cursor')
})

it('writes the entry in each app’s own shape', () => {
  const bridge = { command: '/data/bin/gatehouse-bridge', args: ['--client', 'x'] }
  const written = Object.fromEntries(
    knownApps.map(({ id, format, place, entry, beginning }) => [
      id,
      withEntry(formats[format], beginning ?? '', place, 'gatehouse', entry(bridge)),
    ]),
  )
  const { command, args } = bridge
  const server = { command, args }
  const parsed = (id: string) => JSON.parse(written[id] ?? '')
  for (const id of ['claude-desktop', 'cursor', 'windsurf', 'gemini-cli', 'lm-studio'])
    expect([id, parsed(id)]).toEqual([id, { mcpServers: { gatehouse: server } }])
  expect(parsed('claude-code')).toEqual({ mcpServers: { gatehouse: { type: 'stdio', ...server, env: {} } } })
  expect(parsed('vscode')).toEqual({ servers: { gatehouse: { type: 'stdio', ...server } } })
  expect(parsed('zed')).toEqual({ context_servers: { gatehouse: { ...server, env: {} } } })
  expect(parsed('cline')).toEqual({ mcpServers: { gatehouse: { ...server, disabled: false, autoApprove: [] } } })
  expect(written.codex).toBe(
    '[mcp_servers.gatehouse]\ncommand = "/data/bin/gatehouse-bridge"\nargs = ["--client", "x"]\n',
  )
  expect(written.goose).toMatch(/^extensions:\n {2}gatehouse:\n {4}enabled: true\n {4}type: "stdio"\n/)
  expect(written.goose).toContain('    cmd: "/data/bin/gatehouse-bridge"\n    args: ["--client","x"]\n')
  expect(written.continue).toBe(
    'name: Local Config\nversion: 1.0.0\nschema: v1\nmcpServers:\n  - name: "gatehouse"\n    command: "/data/bin/gatehouse-bridge"\n    args: ["--client","x"]\n',
  )
})

it('looks first where Cline’s own variable says its file is', () => {
  const computer = { ...computers.linux, env: { CLINE_MCP_SETTINGS_PATH: '/home/ana/mine.json' } }
  expect(knownApps.find(({ id }) => id === 'cline')?.files(computer)[0]).toBe('/home/ana/mine.json')
})
