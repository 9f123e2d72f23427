// Plain JavaScript for Node ≥ 20: these steps run before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const windows = process.platform === 'win32'

/** Runs a program with its output shown. @returns its exit code */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows, ...options })
  if (result.error) throw result.error
  return result.status ?? 1
}

/** Ends the script with one sentence. */
export function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

/** `npm ci`, unless node_modules already holds what package-lock.json says. */
export function installPackages() {
  const stamp = join(root, 'node_modules', '.gatehouse-lock')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing packages (once) …')
  const code = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'])
  if (code !== 0) fail('The packages could not be installed. Check the network and run the command again.')
  writeFileSync(stamp, wanted)
}

/** The project's own Node 24 (the `node` package), else the one that runs this when it is new enough. */
export function projectNode() {
  const own = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return fail('Node 24 is needed and could not be installed. Install it from nodejs.org and run the command again.')
}

/** An environment in which `node` and the packages' commands are the project's own. */
export function projectEnv(extra = {}) {
  const path = [dirname(projectNode()), join(root, 'node_modules', '.bin'), process.env.PATH].join(windows ? ';' : ':')
  return { ...process.env, PATH: path, ...extra }
}

const sources = ['main', 'preload', 'renderer', 'shared', 'vite.config.ts', 'package-lock.json', 'package.json']

function newestChange(path) {
  const info = statSync(path)
  if (!info.isDirectory()) return info.mtimeMs
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}

/** Builds dist/, unless it is newer than every source. */
export function build() {
  const stamp = join(root, 'dist', '.built')
  const newest = Math.max(...sources.map((name) => newestChange(join(root, name))))
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newest) return
  console.log('Building …')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  mkdirSync(join(root, 'dist'), { recursive: true })
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const code = run(projectNode(), [vite, 'build', '--app', '--logLevel', 'warn'], { env: projectEnv(), shell: false })
  if (code !== 0) fail('The build failed; the messages above say where.')
  writeFileSync(stamp, '')
}
