import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownServer } from '../../main/catalog/own-entries.ts'
import { mayTouchInWords } from '../../main/sandbox/may-touch.ts'
import { mountsFor } from '../../main/sandbox/mounts.ts'
import type { AllowedPath } from '../../shared/domain/folder-rights.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'

let base: string
const at = (...names: readonly string[]) => join(base, ...names)
beforeEach(() => {
  base = mkdtempSync(join(homedir(), '.gatehouse-ended-folders-')) // a temp folder is hidden at level 1 anyway
  for (const folder of ['home/lent/still', 'data', 'temp', 'own']) mkdirSync(at(folder), { recursive: true })
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const over = (path: string): AllowedPath => ({ path, access: 'read', until: 1 as EpochMs, ended: true })
const mounted = (sandbox: 0 | 1 | 2, allowedPaths: readonly AllowedPath[]) =>
  mountsFor({
    server: { ...ownServer, sandbox, allowedPaths },
    places: { home: at('home'), dataFolder: at('data'), serverTemp: at('temp'), neverReachable: [] },
    readable: [],
    writable: [],
    ownHome: at('own'),
    ownTemp: at('own'),
  }).mounts.join(' ')

it('covers a folder whose time is over where nearly everything can be read, and lays an allowed one inside over it', () => {
  const mounts = mounted(1, [over(at('home/lent')), { path: at('home/lent/still'), access: 'read' }])
  const cover = mounts.indexOf(`--tmpfs ${at('home/lent')}`)
  expect(cover).toBeGreaterThan(mounts.indexOf(`--ro-bind ${at('home/lent')}`))
  expect(mounts.indexOf(`--ro-bind ${at('home/lent/still')}`)).toBeGreaterThan(cover)
  expect(cover).toBeGreaterThan(0)
})

it('leaves what programs run from, and covers nothing where nothing of it is seen', () => {
  expect(mounted(1, [over('/usr'), over(tmpdir()), over('/')])).not.toMatch(/--tmpfs (?:\/usr|\/tmp|\/)(?: |$)/)
  expect(mounted(2, [over(at('home/lent'))])).not.toContain(at('home/lent'))
})

it('says of a server that is not confined that it still reaches such a folder', () => {
  const server = { ...ownServer, sandbox: 0 as const, allowedPaths: [over('/lent')] }
  expect(mayTouchInWords(server, []).join('\n')).toContain('The time for /lent is over, but it can still reach it')
})
