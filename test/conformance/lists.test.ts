import { describe, expect, it } from 'vitest'
import { knownFailures, ofExtensions, required, requirementSets } from './run-conformance.ts'
import { addedLater, clientScenarios, counts, extensionSignIns, notOurs, tasksScenarios } from './scenarios.ts'

const without = (pattern: RegExp, names: readonly string[]) => names.filter((name) => !pattern.test(name))

describe('the suite’s own lists', () => {
  it.each(requirementSets)('require of %s as many scenarios as are counted here', (requirements) => {
    expect(required(requirements, 'server')).toHaveLength(counts.server[requirements])
    expect(required(requirements, 'client')).toHaveLength(counts.client[requirements])
  })

  it.each(requirementSets)('name for clients of %s what is run here, and nothing else', (requirements) => {
    const others = without(/^auth\//, required(requirements, 'client'))
    expect([...others, ...addedLater].sort()).toEqual([...clientScenarios[requirements]].sort())
  })

  it('name for extensions what is run here, and nothing else but what is not a gateway’s', async () => {
    expect(without(notOurs, await ofExtensions('server'))).toEqual([...tasksScenarios].sort())
    expect(without(notOurs, await ofExtensions('client'))).toEqual([...extensionSignIns].sort())
  })

  it.each(requirementSets)('know every scenario of %s that is forgiven', (requirements) => {
    for (const way of ['endpoint', 'bridge'] as const)
      for (const name of knownFailures(way, requirements)) expect(required(requirements, 'server')).toContain(name)
  })
})
