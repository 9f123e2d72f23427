import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** What the tests need beyond npm: a command that shows it is there, and Debian's package. */
const needed = [
  ['chromium', 'chromium'],
  ['bwrap', 'bubblewrap'],
  ['socat', 'socat'],
  ['rg', 'ripgrep'],
  ['gnome-keyring-daemon', 'gnome-keyring'],
  ['dbus-run-session', 'dbus'],
  ['Xvfb', 'xvfb'],
  ['pkg-config', 'pkg-config'],
]
const libraries = [['libsecret-1', 'libsecret-1-dev']]

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0
const hasLibrary = (name) => spawnSync('pkg-config', ['--exists', name], { stdio: 'ignore' }).status === 0

function missing() {
  return [
    ...needed.filter(([command]) => !has(command)).map(([, name]) => name),
    ...libraries.filter(([library]) => !hasLibrary(library)).map(([, name]) => name),
  ]
}

function isDebian() {
  return (
    existsSync('/etc/os-release') && /^(ID|ID_LIKE)=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
  )
}

/** Installs what is missing when root on Debian or Ubuntu. @returns the names still missing */
export function installSystemPackages() {
  const names = missing()
  if (names.length === 0 || process.platform !== 'linux') return names
  if (!isDebian() || process.getuid?.() !== 0) return names
  console.log(`Installing system packages the tests need: ${names.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
  return missing()
}
