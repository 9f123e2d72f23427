import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'

/** What belongs to Gatehouse and the person, as the sandbox must know it. Absolute paths. */
export interface Places {
  /** The person's home folder. */
  readonly home: string
  /** Gatehouse's data folder; no server reads it, but for its own folder under `packages`. */
  readonly dataFolder: string
  /** Parent of every server's private temp and home folder. */
  readonly serverTemp: string
  /** Further files and folders no server may reach, e.g. the kernel socket when it lies outside the data folder. */
  readonly neverReachable: readonly string[]
}

/** Is `path` the folder itself or inside it? Both absolute; no symlinks are followed. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** The path with every symlink resolved; for one that doesn't exist yet, of its nearest existing parent. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realPath(parent), path.slice(parent.length).replace(/^[/\\]+/, ''))
  }
}

/** Deepest last, so that the most specific rule is laid over the broader one. */
export const byDepth = (a: string, b: string) => a.split(sep).length - b.split(sep).length || a.localeCompare(b)

/** Names in a folder; none when it can't be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

export const isFolder = (path: string) => existsSync(path) && lstatSync(path).isDirectory()

/**
 * Files and folders of a home that hold keys, passwords, browser profiles or other apps' settings. They stay hidden even
 * inside an allowed folder, unless the person allowed exactly that place.
 */
export const homeSecrets: readonly string[] = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.config',
  '.local/share/keyrings',
  '.local/share/kwalletd',
  '.local/state',
  '.mozilla',
  '.thunderbird',
  '.pki',
  '.password-store',
  '.netrc',
  '.npmrc',
  '.pypirc',
  '.pgpass',
  '.my.cnf',
  '.git-credentials',
  '.vault-token',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.gem/credentials',
  '.terraform.d',
  '.claude',
  '.claude.json',
  '.codex',
  '.cursor',
  '.gemini',
  '.vscode',
  '.bash_history',
  '.zsh_history',
  '.node_repl_history',
  '.python_history',
  'snap',
  '.var',
  'Library/Keychains',
  'Library/Cookies',
  'Library/Mail',
  'Library/Messages',
  'Library/Safari',
  'Library/Application Support',
  'Library/Containers',
  'Library/Group Containers',
  'Library/Preferences',
]

/** What a shell runs at the next login: readable where the folder is allowed, never writable. */
export const shellStartFiles: readonly string[] = [
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.bash_logout',
  '.profile',
  '.zshrc',
  '.zshenv',
  '.zprofile',
  '.zlogin',
  '.gitconfig',
  '.xprofile',
  '.xinitrc',
]
