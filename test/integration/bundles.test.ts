import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const dist = join(import.meta.dirname, '../../dist')
const scripts = readdirSync(dist).filter((name) => /\.c?js$/.test(name))

it.each(scripts)('%s is text of one byte a character, so that it takes no twice as much memory', (name) => {
  expect(readFileSync(join(dist, name), 'utf8').match(/[^\0-\xff]/g) ?? []).toEqual([])
})

it('the app and its command line are among them', () => {
  expect(scripts).toEqual(expect.arrayContaining(['main.js', 'cli.js', 'bridge.js', 'warden.js']))
})
