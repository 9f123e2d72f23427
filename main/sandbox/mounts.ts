import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isOver, mayChange } from '../../shared/domain/folder-rights.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { byDepth, homeSecrets, isFolder, isInside, namesIn, type Places, realPath, shellStartFiles } from './places.ts'

export interface MountPlan {
  readonly server: ServerConfig
  readonly places: Places
  /** Own package folder, interpreter and modules. */
  readonly readable: readonly string[]
  /** Folders it may write although nobody allowed them in its configuration: the package folder while installing. */
  readonly writable: readonly string[]
  /** Its private home, kept between starts, and its temp folder, also seen as `/tmp`: always writable. */
  readonly ownHome: string
  readonly ownTemp: string
  /** What is laid open in place of each allowed path: its private copy. */
  readonly copies?: ReadonlyMap<string, string>
}

/** One mount, applied in order; a later one covers an earlier one. */
type Mount = { readonly at: string; readonly args: readonly string[] }
/** What bubblewrap has to do: mounts first, `seal` after `/dev` and `/proc` are there too. */
export interface MountArguments {
  readonly mounts: readonly string[]
  /** Empty folders made for covering or as mount points become read-only: a write there fails instead of being lost. */
  readonly seal: readonly string[]
}

const read = (path: string, at = path): Mount => ({ at, args: ['--ro-bind', path, at] })
const write = (path: string, at = path): Mount => ({ at, args: ['--bind', path, at] })
const empty = (path: string): Mount => ({ at: path, args: ['--tmpfs', path] })
const hide = (path: string): Mount =>
  isFolder(path) ? empty(path) : { at: path, args: ['--ro-bind', '/dev/null', path] }

/** Folders of programs and libraries; the same for everyone on the computer, without anyone's data. */
const systemFolders = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/nix/store',
  '/gnu/store',
  '/snap',
]
/** What programs read of `/etc`: names, time, certificates, fonts, loaders. Nothing with a secret in it. */
const systemFiles = [
  'alternatives',
  'ca-certificates',
  'ca-certificates.conf',
  'crypto-policies',
  'fonts',
  'group',
  'host.conf',
  'hosts',
  'java-17-openjdk',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'locale.alias',
  'locale.conf',
  'localtime',
  'mime.types',
  'nsswitch.conf',
  'os-release',
  'passwd',
  'pki/tls',
  'pki/ca-trust',
  'protocols',
  'python3',
  'services',
  'ssl/certs',
  'ssl/cert.pem',
  'ssl/openssl.cnf',
  'timezone',
]
/** Readable by an administrator only, which a process in a container may be. */
const administratorFiles = [
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/ssh',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/NetworkManager',
  '/etc/wireguard',
  '/etc/ssl/private',
]

/** The file system as one server sees it, as bubblewrap arguments (DESIGN section 6). Same paths inside as outside. */
export function mountsFor(plan: MountPlan): MountArguments {
  const temp: Mount = { at: '/tmp', args: ['--bind', plan.ownTemp, '/tmp'] }
  const base = plan.server.sandbox === 1 ? everythingButSecrets(plan.places, temp) : [...systemOnly(), temp]
  const own = [plan.ownHome, plan.ownTemp].map((path) => write(path))
  const all = [...base, ...personal(plan), ...gatehouse(plan), ...own]
  const covers = all.filter((mount) => mount.args[0] === '--tmpfs').map((mount) => mount.at)
  return {
    mounts: all.flatMap((mount) => mount.args),
    seal: [...covers, ...(plan.server.sandbox === 1 ? [] : ['/'])].flatMap((path) => ['--remount-ro', path]),
  }
}

/** Level 2 and up: nothing but the system. */
function systemOnly(): Mount[] {
  const folders = systemFolders.filter((path) => existsSync(path)).map(linkOrRead)
  const files = systemFiles
    .map((name) => join('/etc', name))
    .filter((path) => existsSync(path))
    .map((path) => read(realPath(path), path))
  return [...folders, ...files]
}

/** `/bin` is a link to `/usr/bin` on most systems, and stays one. */
function linkOrRead(path: string): Mount {
  return lstatSync(path).isSymbolicLink() ? { at: path, args: ['--symlink', readlinkSync(path), path] } : read(path)
}

/** Level 1: the computer as it is, without homes' hidden files, others' temp files, sockets and administrator files. */
function everythingButSecrets(places: Places, temp: Mount): Mount[] {
  const emptied = ['/home', '/root', '/Users', places.home, '/var/tmp', '/run', '/var/run']
  const hidden = [...new Set(emptied.filter((path) => existsSync(path)).map(realPath))].filter((path) => path !== '/')
  const visible = namesIn(places.home)
    .filter((name) => !name.startsWith('.') && !homeSecrets.includes(name))
    .map((name) => join(places.home, name))
    .filter((path) => isFolder(path) || lstatSync(path).isFile())
  return [
    read('/'),
    temp,
    ...hidden.sort(byDepth).map(empty),
    ...visible.map((path) => read(path)),
    ...administratorFiles.filter((path) => existsSync(path)).map(hide),
  ]
}

/** Allowed folders and what is readable for running; then secrets and ended folders inside are hidden. Most specific last. */
function personal({ server, places, readable, copies }: MountPlan): Mount[] {
  const over = server.allowedPaths.filter((folder) => isOver(folder))
  const open = server.allowedPaths.filter((folder) => !over.includes(folder))
  const allowed = open.map(({ path, access }) => {
    const seen = copies?.get(path) ?? path
    return mayChange(access) ? write(seen, path) : read(seen, path)
  })
  const reading = withoutSeenLinks(readable)
    .filter((path) => existsSync(path) && !isInside(path, places.dataFolder))
    .map((path) => read(path))
  const seen = [...allowed, ...reading].map((mount) => mount.at)
  const within = (path: string) => existsSync(path) && seen.some((at) => at !== path && isInside(path, at))
  const secrets = homeSecrets
    .map((name) => join(places.home, name))
    .filter((path) => within(path) && !seen.includes(path))
  const startFiles = shellStartFiles.map((name) => join(places.home, name)).filter(within)
  const ended = over.map(({ path }) => path)
  const closed = [...secrets, ...(server.sandbox === 1 ? seenAnyway(ended) : ended.filter(within))]
  const mounts = [...allowed, ...reading, ...closed.map(hide), ...startFiles.map((path) => read(path))]
  const order = (a: Mount, b: Mount) => byDepth(a.at, b.at)
  return mounts.sort(order).filter((mount, at, all) => !isRepeated(mount, at, all))
}

/** Level 1 reads nearly everything without being allowed: these would stay readable. What runs programs has to. */
const seenAnyway = (ended: readonly string[]): string[] =>
  ended
    .filter((path) => existsSync(path))
    .map(realPath)
    .filter((path) => path !== '/' && !['/tmp', ...systemFolders].some((folder) => isInside(path, folder)))

/** A link inside a folder that is laid open anyway (`venv/bin/python`) is seen there, and cannot be mounted over. */
const withoutSeenLinks = (readable: readonly string[]): string[] =>
  readable.filter((path) => !isLink(path) || !readable.some((folder) => folder !== path && isInside(path, folder)))

const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false

/** A folder both readable for running and allowed for writing is mounted once, as allowed. */
const isRepeated = (mount: Mount, at: number, all: readonly Mount[]) =>
  all.some((other, where) => other.at === mount.at && where !== at && outranks(other, mount, where, at))
function outranks(other: Mount, mount: Mount, where: number, at: number): boolean {
  const writes = (one: Mount) => one.args[0] === '--bind'
  return writes(other) === writes(mount) ? where < at : writes(other)
}

/** Gatehouse's own places are covered whatever was allowed around them; then this server's package is laid open. */
function gatehouse({ places, readable, writable }: MountPlan): Mount[] {
  const closed = [places.dataFolder, places.serverTemp, ...places.neverReachable].filter((path) => existsSync(path))
  const packages = withoutSeenLinks(readable).filter((path) => isInside(path, places.dataFolder) && existsSync(path))
  return [...closed.map(hide), ...packages.map((path) => read(path)), ...writable.map((path) => write(path))]
}

/** Folders that could not be allowed: Gatehouse's own, or changed since the person agreed. @returns a sentence */
export function pathProblem(server: ServerConfig, places: Places): string | undefined {
  for (const { path } of server.allowedPaths.filter((folder) => !isOver(folder))) {
    if (!existsSync(path)) return `the allowed folder ${path} does not exist`
    if (realPath(path) !== path) return `the allowed folder ${path} is now a link to somewhere else`
    if (path === dirname(path)) return 'the whole computer cannot be an allowed folder'
    const own = [places.dataFolder, places.serverTemp].find((folder) => isInside(path, realPath(folder)))
    if (own) return `${path} belongs to Gatehouse itself`
  }
  return undefined
}
