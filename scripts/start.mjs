// `npm start`: installs what is missing, builds, and starts Gatehouse in the best shell this machine has.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { build, installPackages, projectNode, root } from './lib/prepare.mjs'

const options = process.argv.slice(2)
const electronPackage = join(root, 'node_modules', 'electron')

/** The Electron runtime's path, fetched once from its project's release page when it can be had. */
function electronRuntime() {
  const known = installedElectron()
  if (known) return known
  console.log('Fetching the Electron runtime (once) …')
  spawnSync(projectNode(), [join(electronPackage, 'install.js')], {
    cwd: electronPackage,
    stdio: 'ignore',
    timeout: 180_000,
  })
  return installedElectron()
}

function installedElectron() {
  const pathFile = join(electronPackage, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const executable = join(electronPackage, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(executable) ? executable : undefined
}

function wantedShell() {
  const at = options.indexOf('--shell')
  return (at >= 0 ? options[at + 1] : undefined) ?? process.env.GATEHOUSE_SHELL
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** @returns the command that starts the chosen shell */
function chooseShell() {
  const flags = ['--max-semi-space-size=8', '--heap-growing-percent=60', '--no-parallel-scavenge'] // see shared/wire/app-flags.ts, as for `memory`
  const browser = [projectNode(), [...flags, join(root, 'dist', 'main.js'), '--shell', 'browser']]
  const wanted = wantedShell()
  if (wanted === 'browser') return browser
  if (!hasDisplay() && wanted !== 'electron') {
    console.log('There is no display here, so Gatehouse starts its browser shell.')
    return browser
  }
  const electron = electronRuntime()
  if (electron) {
    console.log('Starting Gatehouse in its own window (Electron).')
    return [electron, [root]]
  }
  console.log('The Electron runtime is not available here, so Gatehouse starts its browser shell.')
  return browser
}

function withoutShell(args) {
  const at = args.indexOf('--shell')
  return at < 0 ? args : [...args.slice(0, at), ...args.slice(at + 2)]
}

installPackages()
build()
const [command, args] = chooseShell()
const memory = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '262144', MALLOC_MMAP_THRESHOLD_: '1048576' }
const env = { ...memory, ...process.env }
const child = spawn(command, [...args, ...withoutShell(options)], { cwd: root, stdio: 'inherit', env })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
