import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../../shared/messages')

/** The keys of every catalogue that the window's one is spread from, and its own. */
async function keysByCatalogue(language: string): Promise<Map<string, readonly string[]>> {
  const source = readFileSync(join(folder, language, 'window.ts'), 'utf8')
  const found = new Map<string, readonly string[]>()
  for (const [, name = '', file = ''] of source.matchAll(/^import \{ (\w+) \} from '\.\/([\w-]+\.ts)'/gm)) {
    if (!source.includes(`  ...${name},`)) continue
    const module = (await import(join(folder, language, file))) as Record<string, object>
    found.set(file, Object.keys(module[name] ?? {}))
  }
  const own = [...source.matchAll(/^ {2}'([\w.-]+)':/gm)].map(([, key = '']) => key)
  return found.set('window.ts', own)
}

describe.each(['en', 'ro'])('the words of the window in %s', (language) => {
  it('are each said by one catalogue, as of two the later would hide the other', async () => {
    const owners = new Map<string, string[]>()
    for (const [file, keys] of await keysByCatalogue(language))
      for (const key of keys) owners.set(key, [...(owners.get(key) ?? []), file])
    expect(owners.size).toBeGreaterThan(1000)
    expect([...owners].filter(([, files]) => files.length > 1)).toEqual([])
  })
})
