import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'sealed-tables.child.ts')
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-sealed-'))
  mkdirSync(join(home, 'runtime'), { mode: 0o700 })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const child = (verb: string) =>
  `"${process.execPath}" --experimental-transform-types --no-warnings "${script}" "${join(home, 'vault')}" "${join(home, 'gatehouse.db')}" ${verb}`

/** One session bus and one real keyring for all of it. @returns the JSON lines */
async function inSession(script: string): Promise<{ sound: boolean; faults: { problem: string }[]; rows: number }[]> {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: join(home, 'runtime'),
  }
  const unlock = 'printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
  const { stdout } = await run('dbus-run-session', ['--', 'bash', '-c', `${unlock}; ${script}`], { env })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe.runIf(platform() === 'linux')('sealed tables with the system keychain', () => {
  it('are sound after every kill -9, wherever it falls between the database and the keychain', async () => {
    const said = join(home, 'said')
    const kill = (ms: number) =>
      `${child('write')} 2>"${said}" & writer=$!; until grep -q writing "${said}"; do sleep 0.01; done; sleep ${ms / 1000}; kill -9 $writer; wait $writer; rm "${said}"; ${child('check')}`
    const found = await inSession([15, 60, 110, 190, 260].map(kill).join('; '))
    expect(found).toHaveLength(5)
    expect(found.filter(({ sound }) => !sound)).toEqual([])
    expect(found.at(-1)?.rows).toBeGreaterThan(10)
  }, 60_000)

  it('are not sound when an older copy of the database is put in place', async () => {
    const file = join(home, 'gatehouse.db')
    const written = `timeout -s KILL 3 ${child('write')} 2>/dev/null; ${child('check')}`
    const found = await inSession(
      `${written}; cp "${file}" "${file}.kept"; ${written}; cp "${file}.kept" "${file}"; rm -f "${file}-wal" "${file}-shm"; ${child('check')}`,
    )
    expect(found.map(({ sound }) => sound)).toEqual([true, true, false])
    expect(found.at(-1)?.faults).toEqual([{ table: 'setting', problem: 'an older copy was put in its place' }])
  }, 60_000)
})
