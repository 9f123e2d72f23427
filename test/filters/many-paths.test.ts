import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import { aCall, aServer } from '../permissions/a-call.ts'
import { processorTime } from '../support/processor-time.ts'

test('a call with many endless paths is looked at in a moment', () => {
  const filters = defaultFilters({ knownValues: () => [], paths: new Paths(thisPlatform('/root')) })
  const server = aServer({ allowedPaths: [{ path: '/tmp', access: 'write' }] })
  const { entry } = aCall({ server })
  const endless = `${'a/'.repeat(1000)}${'../'.repeat(600)}x`
  const tookMs = processorTime()
  for (const path of [endless, `/tmp/${'b/'.repeat(1800)}x`, `${'a/../'.repeat(700)}x`])
    filters.call({ server, entry, arguments: { paths: Array.from({ length: 300 }, (_, at) => `${path}${at}`) } })
  expect(tookMs()).toBeLessThan(2_000)
})

test('a dangling link behind a link to elsewhere is followed from where it really stands', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'paths-')))
  for (const folder of ['notes', 'outside', 'outside/deep']) mkdirSync(join(root, folder))
  symlinkSync(join(root, 'outside/deep'), join(root, 'notes/door'))
  symlinkSync('../new.txt', join(root, 'outside/deep/dangling'))
  symlinkSync('door/../new.txt', join(root, 'notes/two-ways'))
  symlinkSync('.door/../new.txt', join(root, 'notes/hidden'))
  symlinkSync('../..', join(root, 'notes/up'))
  const paths = new Paths(thisPlatform(root))
  expect(paths.resolve('door/dangling', join(root, 'notes'))).toBe(join(root, 'outside/new.txt'))
  expect(paths.resolve('two-ways', join(root, 'notes'))).toBe('')
  expect(paths.resolve('hidden', join(root, 'notes'))).toBe('')
  expect(paths.resolve('none/at/all/../x', join(root, 'notes'))).toBe(join(root, 'notes/none/at/x'))
  expect(paths.resolve('door/../x', join(root, 'notes'))).toBe('')
})
