import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { aSupervisor, badServer, packagedServer, textOf } from '../support/a-supervisor.ts'

let gatehouse: ReturnType<typeof aSupervisor>
let sandbox: SystemSandbox
afterEach(async () => {
  await gatehouse.end()
  await sandbox.stop()
})

function confined() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  sandbox = new SystemSandbox({ dataFolder: join(folder, 'home'), serverTemp: join(folder, 'temp') })
  gatehouse = aSupervisor({ sandbox })
}

describe('servers at level 2', () => {
  it('answer: server-everything', async () => {
    confined()
    await gatehouse.add('everything', [packagedServer('server-everything')], { sandbox: 2 })
    expect(textOf(await gatehouse.call('everything__echo', { message: 'hi' }))).toBe('Echo: hi')
    expect((await gatehouse.administration.inspect('everything' as never)).confinement).not.toBe('none')
  })

  it('answer: server-memory', async () => {
    confined()
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
    await gatehouse.add('memory', [packagedServer('server-memory')], {
      sandbox: 2,
      env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') },
      allowedPaths: [{ path: folder, access: 'write' }],
    })
    const entities = [{ name: 'Ana', entityType: 'person', observations: ['likes maps'] }]
    await gatehouse.call('memory__create_entities', { entities })
    expect(textOf(await gatehouse.call('memory__search_nodes', { query: 'maps' }))).toContain('Ana')
  })

  it('leave no process behind, and say why they crashed', async () => {
    confined()
    await gatehouse.add('moody', [badServer('moody')], { sandbox: 2 })
    await expect(gatehouse.call('moody__crash')).rejects.toMatchObject({ code: 'server.crashed' })
    expect(textOf(await gatehouse.call('moody__count'))).toBe('1')
    await gatehouse.supervisor.stopAll()
    expect(gatehouse.watched.size).toBe(0)
  })
})
