import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const module = resolve(import.meta.dirname, '../../main/start/remove-afterwards.ts')
const holder = `
import { removeAfterwards } from ${JSON.stringify(module)}
removeAfterwards(process.execPath)(process.argv[1])
process.stdout.write('running')
setInterval(() => {}, 1000)
`

it('removes a folder when the app has ended, even by a kill, and not before', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'gatehouse-profile-')), 'window')
  mkdirSync(join(folder, 'Cache'), { recursive: true })
  writeFileSync(join(folder, 'Cache', 'data'), 'x')
  const app = spawn(process.execPath, ['--input-type=module', '-e', holder, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(app.stdout, 'data')
  writeFileSync(join(folder, 'Cache', 'later'), 'x')
  expect(existsSync(folder)).toBe(true)
  app.kill('SIGKILL')
  await once(app, 'exit')
  await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false)
})
