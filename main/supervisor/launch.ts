import { join } from 'node:path'
import { type AllowedPath, accessText, isOver } from '../../shared/domain/folder-rights.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { serverFailed } from '../../shared/errors.ts'
import type { InstalledPackages, Launch } from './ports.ts'

export interface LaunchParts {
  /** The Node 24 that bundled and package servers run on. */
  readonly node: string
  /** Folder of `BUNDLE.js`. */
  readonly bundles: string
  readonly packages: InstalledPackages
}

/** @throws server.failed when a package is not installed, or not the version the person agreed to */
export async function launchOf(server: ServerConfig, parts: LaunchParts): Promise<Launch> {
  const { origin } = server
  switch (origin.kind) {
    case 'command':
      return { executable: origin.command, args: origin.args, readable: origin.bundle ? [origin.bundle.folder] : [] }
    case 'bundled': {
      const file = join(parts.bundles, `${origin.bundle}.js`)
      return {
        executable: parts.node,
        args: [file, ...(origin.bundle === 'filesystem' ? folderArguments(server) : [])],
        readable: [file],
      }
    }
    case 'package':
      if (origin.installed === undefined) throw serverFailed(server.name, notInstalled)
      return parts.packages.launch(server.name, origin.installed, origin.args)
    case 'remote':
      throw serverFailed(server.name, 'nothing of it runs here.')
  }
}

const notInstalled = 'its package is not installed. Remove it and add it again.'

/** What a launch reads besides what the command itself names: known without starting or installing anything. */
export function readableOf(server: ServerConfig, parts: LaunchParts): string[] {
  const { origin } = server
  if (origin.kind === 'command' && origin.bundle) return [origin.bundle.folder]
  if (origin.kind === 'bundled') return [join(parts.bundles, `${origin.bundle}.js`)]
  return origin.kind === 'package' ? [parts.packages.folderOf(server.name)] : []
}

/** The exact command as the person wrote it, every word that needs it quoted; the address of a remote server. */
export function commandLine(server: ServerConfig): string {
  const { origin } = server
  switch (origin.kind) {
    case 'command':
      return [origin.command, ...origin.args].map(quoted).join(' ')
    case 'package':
      return `${origin.runner} ${[...namedApart(origin), ...origin.args].map(quoted).join(' ')}`
    case 'bundled':
      return `Gatehouse’s own ${origin.bundle} server`
    case 'remote':
      return origin.url
  }
}

const quoted = (word: string) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

type PackageOrigin = Extract<ServerConfig['origin'], { kind: 'package' }>

/** The package and, where it was named apart, its program, as the runner takes them. */
function namedApart({ runner, spec, bin, options = [] }: PackageOrigin): string[] {
  if (bin === undefined) return [...options, spec]
  return [...options, runner === 'uvx' ? '--from' : '--package', spec, bin]
}

/** As `@modelcontextprotocol/server-filesystem` takes them, with what narrows a folder before it. */
const folderArguments = ({ allowedPaths, running }: ServerConfig): string[] => [
  ...(running?.operationsPerSecond ? ['--operations-per-second', String(running.operationsPerSecond)] : []),
  ...allowedPaths.flatMap((folder) => [...narrowed(folder), folder.path]),
]

function narrowed(folder: AllowedPath): string[] {
  if (isOver(folder)) return ['--rights', 'none']
  const until = folder.until === undefined ? [] : ['--until', String(folder.until)]
  if (folder.access === 'write') return until
  return [...(folder.access === 'read' ? ['--read-only'] : ['--rights', accessText(folder.access)]), ...until]
}
