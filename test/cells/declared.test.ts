import { describe, expect, it } from 'vitest'
import { isDeclared } from '../../main/cells/declared.ts'
import type { CellManifest } from '../../shared/contract/cell-manifest.ts'

const isMade = (template: string, uri: string) =>
  isDeclared({ capabilities: { tools: [], prompts: [], resources: [template] } } as unknown as CellManifest, {
    kind: 'resource',
    ownName: uri,
    definition: {},
  })

describe('a template a manifest names lets through', () => {
  it.each([
    ['note://{id}', 'note://7'],
    ['note://{id}', 'note://'],
    ['note://{id}', 'note://a%2Fb'],
    ['note://{id}/text', 'note://7/text'],
    ['note://{a}-{b}/{c}', 'note://1-2-3/4.txt'],
    ['note://x{a}a/{b}', 'note://xaa/b'],
    ['file:///{+folder}/{name}', 'file:///a/b/c'],
    ['file:///docs{/parts*}', 'file:///docs/a/b'],
    ['list://all{?page}', 'list://all?page=2'],
  ])('%s what it can make: %s', (template, uri) => expect(isMade(template, uri)).toBe(true))

  it.each([
    ['note://{id}', 'note://7/secrets'],
    ['note://{id}', 'note://7?all=1'],
    ['note://{id}', 'note://7#all'],
    ['note://{id}', 'note://7\\secrets'],
    ['note://{id}/text', 'note://../text'],
    ['note://{id}/text', 'note://%2E./text'],
    ['note://{id}/text', 'note://1/2/text'],
    ['file:///docs/{+path}', 'file:///docs/../keys'],
    ['note://{id}/text', 'note://7/text/more'],
    ['{any}', 'note://7'],
  ])('%s nothing else: not %s', (template, uri) => expect(isMade(template, uri)).toBe(false))

  it('and answers in time that grows with the address, however many ways there are to read it', () => {
    const before = process.cpuUsage()
    expect(isMade(`x:${'{a}a'.repeat(50)}!`, `x:${'a'.repeat(20_000)}`)).toBe(false)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000)
  })
})
