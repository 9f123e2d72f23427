import { posix, win32 } from 'node:path'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { FormatName, ServerPlace } from './config-format.ts'

/** The computer an app is looked for on; passed in, so that each platform’s paths can be tested on any other. */
export interface Computer {
  readonly platform: 'linux' | 'darwin' | 'win32'
  /** The person’s home folder. */
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Names in a folder; empty when there is none. */
  readonly list: (folder: string) => readonly string[]
  /** A small file's text; '' when there is none. */
  readonly read?: (file: string) => string
}

/** How a server is started by the entry of Gatehouse. */
export interface Bridge {
  readonly command: string
  readonly args: readonly string[]
}

/** An AI app that keeps its MCP servers in a file of its own. Paths and shapes are those of its documentation. */
export interface KnownApp {
  /** Also the name it is paired under. */
  readonly id: string
  readonly title: string
  readonly format: FormatName
  readonly place: ServerPlace
  /** Its configuration file; where there can be several, the one it reads first. */
  readonly files: (computer: Computer) => readonly string[]
  /** Folders and programs that show that it is here, though it has no configuration file yet. */
  readonly traces: (computer: Computer) => readonly string[]
  /** What is written for Gatehouse. */
  readonly entry: (bridge: Bridge) => JsonObject
  /** Its file no longer names it: it can only be disconnected. */
  readonly gone?: true
  /** Where it looks in a project's folder, its parts joined by the platform. */
  readonly projectFile?: readonly string[]
  /** What a new file begins with. */
  readonly beginning?: string
  /** An older file it still uses while the newer one is missing; writing the newer one would hide it. */
  readonly older?: (computer: Computer) => string
}

export const join = ({ platform }: Computer, ...parts: string[]) =>
  (platform === 'win32' ? win32 : posix).join(...parts)
/** The folder a file lies in, by the platform’s own way of writing paths. */
export const folderOf = ({ platform }: Computer, file: string): string =>
  (platform === 'win32' ? win32 : posix).dirname(file)
const inHome = (computer: Computer, ...parts: string[]) => join(computer, computer.home, ...parts)

/** Where applications keep their settings: %APPDATA%, Application Support, or $XDG_CONFIG_HOME. */
function settings(computer: Computer, ...parts: string[]): string {
  const { platform, env } = computer
  if (platform === 'win32') return join(computer, env.APPDATA ?? inHome(computer, 'AppData', 'Roaming'), ...parts)
  if (platform === 'darwin') return inHome(computer, 'Library', 'Application Support', ...parts)
  return xdg(computer, ...parts)
}

const xdg = (computer: Computer, ...parts: string[]) =>
  join(computer, computer.env.XDG_CONFIG_HOME || inHome(computer, '.config'), ...parts)

const local = (computer: Computer, ...parts: string[]) =>
  join(computer, computer.env.LOCALAPPDATA ?? inHome(computer, 'AppData', 'Local'), ...parts)

/** A Mac application by its bundle, a Windows one by its folder under `Programs`, a command by the search path. */
function programs(computer: Computer, names: { mac?: string; windows?: string; command?: string }): string[] {
  const { platform, env } = computer
  const found: string[] = []
  if (platform === 'darwin' && names.mac)
    found.push(`/Applications/${names.mac}.app`, inHome(computer, 'Applications', `${names.mac}.app`))
  if (platform === 'win32' && names.windows) found.push(local(computer, 'Programs', names.windows))
  if (!names.command) return found
  const folders = (env.PATH ?? env.Path ?? '').split(platform === 'win32' ? ';' : ':').filter((folder) => folder !== '')
  const endings = platform === 'win32' ? ['.exe', '.cmd'] : ['']
  return [
    ...found,
    ...folders.flatMap((folder) => endings.map((end) => join(computer, folder, `${names.command}${end}`))),
  ]
}

const mcpServers: ServerPlace = { key: 'mcpServers', as: 'map' }
const plain = ({ command, args }: Bridge): JsonObject => ({ command, args: [...args] })

/**
 * Packaged by Microsoft’s MSIX since February 2026, it reads a copy of its folder that only it sees.
 * @see https://github.com/anthropics/claude-code/issues/26073
 */
function claudeDesktop(computer: Computer): string[] {
  const usual = settings(computer, 'Claude')
  if (computer.platform !== 'win32') return [usual]
  const packages = local(computer, 'Packages')
  const packaged = computer.list(packages).filter((name) => name.startsWith('Claude_'))
  return [...packaged.map((name) => join(computer, packages, name, 'LocalCache', 'Roaming', 'Claude')), usual]
}

export const codeUser = (computer: Computer, ...parts: string[]) => settings(computer, 'Code', 'User', ...parts)
const cline = (computer: Computer) => codeUser(computer, 'globalStorage', 'saoudrizwan.claude-dev')
const clineOwn = (computer: Computer) => inHome(computer, '.cline', 'data')
const lmStudio = (computer: Computer) => [inHome(computer, '.lmstudio'), inHome(computer, '.cache', 'lm-studio')]
const goose = (computer: Computer) =>
  computer.platform === 'win32' ? settings(computer, 'Block', 'goose', 'config') : xdg(computer, 'goose')
const zed = (computer: Computer) =>
  computer.platform === 'win32'
    ? settings(computer, 'Zed')
    : computer.platform === 'darwin'
      ? inHome(computer, '.config', 'zed')
      : xdg(computer, 'zed')
const codex = (computer: Computer) => computer.env.CODEX_HOME || inHome(computer, '.codex')
const gemini = (computer: Computer) => join(computer, computer.env.GEMINI_CLI_HOME || computer.home, '.gemini')

export const knownApps: readonly KnownApp[] = [
  /** @see https://modelcontextprotocol.io/quickstart/user; it has no Linux edition of its maker’s, those of others use this folder */
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    format: 'json',
    place: mcpServers,
    files: (computer) => claudeDesktop(computer).map((folder) => join(computer, folder, 'claude_desktop_config.json')),
    traces: (computer) => [...claudeDesktop(computer), ...programs(computer, { mac: 'Claude' })],
    entry: plain,
  },
  /** @see https://code.claude.com/docs/en/mcp, “MCP installation scopes”; CLAUDE_CONFIG_DIR moves the file, https://github.com/anthropics/claude-code/issues/44866 */
  {
    id: 'claude-code',
    title: 'Claude Code',
    format: 'json',
    place: mcpServers,
    files: (computer) => [join(computer, computer.env.CLAUDE_CONFIG_DIR || computer.home, '.claude.json')],
    traces: (computer) => [
      computer.env.CLAUDE_CONFIG_DIR || inHome(computer, '.claude'),
      ...programs(computer, { command: 'claude' }),
    ],
    projectFile: ['.mcp.json'],
    entry: ({ command, args }) => ({ type: 'stdio', command, args: [...args], env: {} }),
  },
  /** @see https://cursor.com/docs/mcp: the transport follows from “command” or “url” */
  {
    id: 'cursor',
    title: 'Cursor',
    format: 'json',
    place: mcpServers,
    files: (computer) => [inHome(computer, '.cursor', 'mcp.json')],
    traces: (computer) => [
      inHome(computer, '.cursor'),
      ...programs(computer, { mac: 'Cursor', windows: 'cursor', command: 'cursor' }),
    ],
    projectFile: ['.cursor', 'mcp.json'],
    entry: plain,
  },
  /** @see https://code.visualstudio.com/docs/copilot/reference/mcp-configuration: mcp.json of the user profile, “type” is required */
  {
    id: 'vscode',
    title: 'VS Code',
    format: 'json',
    place: { key: 'servers', as: 'map' },
    files: (computer) => [codeUser(computer, 'mcp.json')],
    traces: (computer) => [
      codeUser(computer),
      ...programs(computer, { mac: 'Visual Studio Code', windows: 'Microsoft VS Code', command: 'code' }),
    ],
    projectFile: ['.vscode', 'mcp.json'],
    entry: ({ command, args }) => ({ type: 'stdio', command, args: [...args] }),
  },
  {
    id: 'windsurf',
    title: 'Windsurf',
    format: 'json',
    place: mcpServers,
    files: (computer) => [inHome(computer, '.codeium', 'windsurf', 'mcp_config.json')],
    traces: (computer) => [
      inHome(computer, '.codeium', 'windsurf'),
      ...programs(computer, { mac: 'Windsurf', windows: 'Windsurf', command: 'windsurf' }),
    ],
    entry: plain,
  },
  {
    id: 'zed',
    title: 'Zed',
    format: 'json',
    place: { key: 'context_servers', as: 'map' },
    files: (computer) => [join(computer, zed(computer), 'settings.json')],
    traces: (computer) => [zed(computer), ...programs(computer, { mac: 'Zed', windows: 'Zed', command: 'zed' })],
    projectFile: ['.zed', 'settings.json'],
    entry: ({ command, args }) => ({ command, args: [...args], env: {} }),
  },
  /** @see https://developers.openai.com/codex/mcp; CODEX_HOME moves its folder */
  {
    id: 'codex',
    title: 'Codex CLI',
    format: 'toml',
    place: { key: 'mcp_servers', as: 'map' },
    files: (computer) => [join(computer, codex(computer), 'config.toml')],
    traces: (computer) => [codex(computer), ...programs(computer, { command: 'codex' })],
    projectFile: ['.codex', 'config.toml'],
    entry: plain,
  },
  /** @see https://geminicli.com/docs/reference/configuration, https://geminicli.com/docs/tools/mcp-server; GEMINI_CLI_HOME takes the place of the home folder */
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    format: 'json',
    place: mcpServers,
    files: (computer) => [join(computer, gemini(computer), 'settings.json')],
    traces: (computer) => [gemini(computer), ...programs(computer, { command: 'gemini' })],
    projectFile: ['.gemini', 'settings.json'],
    entry: plain,
  },
  {
    id: 'goose',
    title: 'Goose',
    format: 'yaml',
    place: { key: 'extensions', as: 'map' },
    files: (computer) => [join(computer, goose(computer), 'config.yaml')],
    traces: (computer) => [goose(computer), ...programs(computer, { mac: 'Goose', command: 'goose' })],
    entry: ({ command, args }) => ({
      enabled: true,
      type: 'stdio',
      name: 'gatehouse',
      description: 'The servers guarded by Gatehouse',
      cmd: command,
      args: [...args],
      envs: {},
      env_keys: [],
      timeout: 300,
    }),
  },
  {
    id: 'lm-studio',
    title: 'LM Studio',
    format: 'json',
    place: mcpServers,
    files: (computer) => lmStudio(computer).map((folder) => join(computer, folder, 'mcp.json')),
    traces: (computer) => [...lmStudio(computer), ...programs(computer, { mac: 'LM Studio', windows: 'LM Studio' })],
    entry: plain,
  },
  {
    id: 'cline',
    title: 'Cline',
    format: 'json',
    place: mcpServers,
    files: (computer) => [
      ...(computer.env.CLINE_MCP_SETTINGS_PATH ? [computer.env.CLINE_MCP_SETTINGS_PATH] : []),
      ...[cline(computer), clineOwn(computer)].map((folder) =>
        join(computer, folder, 'settings', 'cline_mcp_settings.json'),
      ),
    ],
    traces: (computer) => [cline(computer), clineOwn(computer)],
    entry: ({ command, args }) => ({ command, args: [...args], disabled: false, autoApprove: [] }),
  },
  {
    id: 'continue',
    title: 'Continue',
    format: 'yaml',
    place: { key: 'mcpServers', as: 'list' },
    files: (computer) => [inHome(computer, '.continue', 'config.yaml')],
    traces: (computer) => [inHome(computer, '.continue')],
    entry: ({ command, args }) => ({ name: 'gatehouse', command, args: [...args] }),
    beginning: 'name: Local Config\nversion: 1.0.0\nschema: v1\n',
    older: (computer) => inHome(computer, '.continue', 'config.json'),
  },
]

/** The file an app reads in a project's folder. */
export const projectFileOf = ({ projectFile }: KnownApp, computer: Computer, folder: string): string | undefined =>
  projectFile && join(computer, folder, ...projectFile)
