import { describe, expect, it } from 'vitest'
import { ContentScan } from '../../main/filters/content/content-scan.ts'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import type { EntryName, ServerName } from '../../shared/domain/ids.ts'
import { aCall, aServer } from '../permissions/a-call.ts'
import { type BenignCall, benignCalls, benignDescriptions } from '../support/benign-corpus/corpus.ts'

const filters = defaultFilters({
  knownValues: () => ['a-secret-of-the-keychain'],
  paths: new Paths(thisPlatform('/home/ada')),
})
const { rules } = filters.contents
const scan = new ContentScan()

const passed = ({ server, tool, arguments: args, result }: BenignCall) => {
  const call = aCall({ server: aServer({ name: server as ServerName }), tool })
  const entry = { ...call.entry, name: `${server}__${tool}` as EntryName }
  const to = { server: call.server, entry }
  const sent = filters.call({ ...to, arguments: args })
  const { reply } = filters.reply({ ...to, reply: { kind: 'result', result } })
  return { sent, reply }
}

describe('the benign corpus', () => {
  it('holds at least 300 ordinary calls and 150 ordinary descriptions', () => {
    expect(benignCalls.length).toBeGreaterThanOrEqual(300)
    expect(benignDescriptions.length).toBeGreaterThanOrEqual(150)
  })

  it('passes every call and every answer', () => {
    for (const call of benignCalls) expect(() => passed(call)).not.toThrow()
  })

  it('has nothing changed in arguments, and at most 2 % of its answers carry a notice', () => {
    const changed = benignCalls.filter((call) => passed(call).sent.changed)
    const noticed = benignCalls.filter((call) => {
      const { reply } = passed(call)
      return !(reply.kind === 'result' && reply.result === call.result)
    })
    expect(changed).toEqual([])
    expect(noticed.length).toBeLessThanOrEqual(benignCalls.length * 0.02)
  })

  it('has at most 2 % flagged, calls and descriptions together', () => {
    const warns = (text: string, direction: 'call' | 'reply') =>
      scan
        .scan(text)
        .some(({ filter }) => filter !== 'own-words' && rules.actionsFor('*')[direction][filter] !== 'allow')
    const texts = (value: unknown): string[] =>
      typeof value === 'string'
        ? [value]
        : typeof value === 'object' && value
          ? Object.values(value).flatMap(texts)
          : []
    const flagged = [
      ...benignCalls.filter(
        ({ arguments: args, result }) =>
          texts(args).some((text) => warns(text, 'call')) || texts(result).some((text) => warns(text, 'reply')),
      ),
      ...benignDescriptions.filter(({ description }) => warns(description, 'reply')),
    ]
    expect(flagged.length / (benignCalls.length + benignDescriptions.length)).toBeLessThanOrEqual(0.02)
  })
})
