import { afterEach, describe, expect, it } from 'vitest'
import type { CatalogPort } from '../../main/kernel/ports.ts'
import { aSupervisor, textOf } from '../support/a-supervisor.ts'

let gatehouse: ReturnType<typeof aSupervisor>
afterEach(() => gatehouse.end())

describe('Gatehouse’s own tools', () => {
  it('are found in the catalog and answered in the app, without a process', async () => {
    const ownTools = { capabilities: async () => ({ text: 'nothing yet', structured: { servers: [] } }) }
    gatehouse = aSupervisor({ ownTools })
    const catalog: CatalogPort = gatehouse.catalog
    expect(catalog).toBe(gatehouse.catalog)
    const reply = await gatehouse.call('gatehouse__capabilities')
    expect(textOf(reply)).toBe('nothing yet')
    expect(reply).toMatchObject({ result: { structuredContent: { servers: [] } } })
    expect(gatehouse.watched.size).toBe(0)
  })

  it('that nobody supplied are unknown', async () => {
    gatehouse = aSupervisor()
    await expect(gatehouse.call('gatehouse__explain_refusal')).rejects.toMatchObject({ code: 'catalog.unknown' })
  })
})
