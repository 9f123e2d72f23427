import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { ProgramIdentity } from '../../../shared/domain/call.ts'
import { powershell, type RunTool, runTool } from './run-tool.ts'

/** Larger programs are not read in full each time they come. */
const largestHashedBytes = 512 * 1024 * 1024
const readBytes = 256 * 1024

export interface IdentityParts {
  readonly platform?: NodeJS.Platform
  readonly run?: RunTool
}

/**
 * Who made a program, as far as the platform can tell: its code signature on macOS and Windows; on Linux, where programs
 * are not signed, the package it belongs to, else its SHA-256. Evidence, not proof. Looked up once for each version of a file.
 */
export class ProgramIdentities {
  readonly #known = new Map<string, Promise<ProgramIdentity | undefined>>()

  constructor(private readonly parts: IdentityParts = {}) {}

  /** @returns undefined when nothing can be told */
  async of(executable: string): Promise<ProgramIdentity | undefined> {
    const version = isAbsolute(executable) ? await versionOf(executable) : undefined
    if (version === undefined) return undefined
    const key = `${executable} ${version}`
    const known = this.#known.get(key) ?? this.#find(executable).catch(() => undefined)
    this.#known.set(key, known)
    return known
  }

  async #find(executable: string): Promise<ProgramIdentity | undefined> {
    const run = this.parts.run ?? runTool
    const platform = this.parts.platform ?? process.platform
    if (platform === 'darwin') return (await signedOnMac(run, executable)) ?? hashed(executable)
    if (platform === 'win32') return (await signedOnWindows(run, executable)) ?? hashed(executable)
    return (await packagedOnLinux(run, executable)) ?? hashed(executable)
  }
}

/**
 * Whether another maker is behind it than before. A hash changes with every update and says nothing of that; a program that
 * was signed or packaged and no longer is, is another one.
 */
export function isSameMaker(before: ProgramIdentity | undefined, now: ProgramIdentity | undefined): boolean {
  if (before === undefined || before.kind === 'hash') return true
  return now?.kind === before.kind && now.name === before.name
}

/** @see codesign(1): what it finds is written to standard error; `--verify` fails for a program that was changed */
async function signedOnMac(run: RunTool, executable: string): Promise<ProgramIdentity | undefined> {
  const verified = await run('/usr/bin/codesign', ['--verify', '--strict', executable]).then(
    () => true,
    () => false,
  )
  if (!verified) return undefined
  const shown = await run('/usr/bin/codesign', ['-d', '--verbose=2', executable]).catch(() => '')
  const maker = /^Authority=(.+)$/m.exec(shown)?.[1]
  const team = /^TeamIdentifier=(?!not set)(.+)$/m.exec(shown)?.[1]
  if (!maker) return undefined
  return { kind: 'signature', name: team && !maker.includes(team) ? `${maker} (${team})` : maker }
}

/** @see Get-AuthenticodeSignature */
async function signedOnWindows(run: RunTool, executable: string): Promise<ProgramIdentity | undefined> {
  const script =
    '$s = Get-AuthenticodeSignature -LiteralPath $env:PROGRAM_FILE; if ($s.Status -eq "Valid") { $s.SignerCertificate.Subject }'
  const shown = await powershell(run, script, { PROGRAM_FILE: executable }).catch(() => '')
  const [, quoted, plain] = /(?:^|,\s*)CN=(?:"((?:[^"]|"")+)"|([^,\r\n]+))/.exec(shown) ?? []
  const name = quoted ?? plain
  return name ? { kind: 'signature', name: name.trim() } : undefined
}

/** `nodejs: /usr/bin/node`, or from rpm the name alone. */
async function packagedOnLinux(run: RunTool, executable: string): Promise<ProgramIdentity | undefined> {
  const debian = await run('dpkg-query', ['-S', executable]).catch(() => '')
  const owner = /^([^:\s]+)(?::\w+)?: \//m.exec(debian)?.[1]
  if (owner) return { kind: 'package', name: owner }
  const fedora = await run('rpm', ['-qf', '--qf', '%{NAME}\n', executable]).catch(() => '')
  const name = /^[\w.+-]+$/m.exec(fedora)?.[0]
  return name ? { kind: 'package', name } : undefined
}

async function hashed(executable: string): Promise<ProgramIdentity | undefined> {
  const { size } = await stat(executable)
  if (size > largestHashedBytes) return undefined
  return { kind: 'hash', name: await sha256Of(executable) }
}

/** Through one buffer: a stream's many left 60 MB of memory behind for a program of 120 MB. */
async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  const file = await open(path)
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, readBytes)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

async function versionOf(file: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file)
    return [dev, ino, size, mtimeMs, ctimeMs].join(' ')
  } catch {
    return undefined
  }
}
