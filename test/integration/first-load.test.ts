import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const built = resolve(import.meta.dirname, '..', '..', 'dist', 'renderer')
const mostBytes = 400 * 1024

/** The page's script and what it imports before anything is shown; `import()` comes later. */
function firstLoad(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(join(built, 'assets', file), 'utf8')
  for (const [, next] of text.matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) if (next) firstLoad(next, seen)
  return seen
}

it('the window loads at most 400 KB of compressed script first', () => {
  const [, entry = ''] = /src="\.\/assets\/([\w-]+\.js)"/.exec(readFileSync(join(built, 'index.html'), 'utf8')) ?? []
  const bytes = [...firstLoad(entry)].map((file) => gzipSync(readFileSync(join(built, 'assets', file))).length)
  const total = bytes.reduce((sum, one) => sum + one, 0)
  expect(total).toBeGreaterThan(50 * 1024)
  expect(total).toBeLessThanOrEqual(mostBytes)
})
