import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fullOnly } from '../full-only.ts'

const root = join(import.meta.dirname, '../..')
const text = (file: string) => readFileSync(join(root, file), 'utf8')
const rows = text('docs/attacks.md')
  .split('\n')
  .filter((line) => /^\| (?!attack|---)/.test(line))
  .map((line) =>
    line.split(' | ').map((cell) => [...cell.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file as string)),
  )

it('names for every attack tests that are there', () => {
  expect(rows.length).toBeGreaterThan(25)
  expect(rows.flat(2).filter((file) => !existsSync(join(root, file)))).toEqual([])
})

it('names for every attack a test that starts the app and is left out of no run', () => {
  const startsApp = (file: string) => /GatehouseApp|RunningApp|startApp|Journey/.test(text(file))
  const everyTime = (file: string) => !fullOnly.some((one) => one.file === file)
  for (const [, atApp = []] of rows) {
    expect(atApp).not.toEqual([])
    expect(atApp.filter((file) => !startsApp(file) || !everyTime(file))).toEqual([])
  }
})
