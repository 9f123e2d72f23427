import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

it('names for every attack a test that is there', () => {
  const rows = readFileSync(join(root, 'docs/attacks.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!attack|---)/.test(line))
  expect(rows.length).toBeGreaterThan(25)
  const missing = rows.flatMap((row) => {
    const files = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file as string)
    return files.length === 0 ? [row] : files.filter((file) => !existsSync(join(root, file)))
  })
  expect(missing).toEqual([])
})
