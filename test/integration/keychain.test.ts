import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'keychain.child.ts')
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-keychain-'))
  for (const folder of ['a', 'b', 'runtime']) mkdirSync(join(home, folder), { mode: 0o700 })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const verbOn = (folder: string, verb: string) =>
  `"${process.execPath}" --experimental-transform-types --no-warnings "${script}" "${join(home, folder, 'vault')}" ${verb}`

/** Runs the commands in a session bus of their own, with a keyring of its own. @returns their JSON lines */
async function inSession(unlock: boolean, ...commands: string[]): Promise<Record<string, unknown>[]> {
  const daemon = unlock
    ? 'printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
    : 'gnome-keyring-daemon --start --components=secrets >/dev/null'
  return lines(await run('dbus-run-session', ['--', 'sh', '-c', [daemon, ...commands].join('; ')], { env: ownEnv() }))
}

function ownEnv(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: join(home, 'runtime'),
  }
}

const lines = ({ stdout }: { stdout: string }) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe.runIf(platform() === 'linux')('the system keychain', () => {
  it('keeps keys and secrets over a restart of its session, apart for each data folder', async () => {
    const made = await inSession(true, verbOn('a', 'make'), verbOn('a', 'read'), verbOn('b', 'read'))
    expect(made).toEqual([
      { kind: 'system', rows: 32 },
      { token: 'mail-secret' },
      expect.objectContaining({ code: 'keys.unavailable', problem: expect.stringContaining('holds no key') }),
    ])
    expect(await inSession(true, verbOn('a', 'read'), verbOn('a', 'remove'), verbOn('a', 'read'))).toEqual([
      { token: 'mail-secret' },
      { removed: [true, false] },
      { token: null },
    ])
    expect(plainTextFiles('mail-secret')).toEqual([])
  })

  it('that is locked is an error with a remedy, not a wait', async () => {
    await inSession(true, verbOn('a', 'make'))
    const [found] = await inSession(false, verbOn('a', 'read'))
    expect(found).toMatchObject({ code: 'keys.unavailable', remedy: expect.stringContaining('Unlock') })
  })

  it('that is absent is an error with a remedy', async () => {
    const found = lines(await run('sh', ['-c', verbOn('a', 'make')], { env: ownEnv() }))
    expect(found).toEqual([
      expect.objectContaining({ code: 'keys.unavailable', remedy: expect.stringContaining('GATEHOUSE_KEYCHAIN=file') }),
    ])
  })
})

function plainTextFiles(text: string): string[] {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  return files.map((file) => join(file.parentPath, file.name)).filter((file) => readFileSync(file).includes(text))
}
