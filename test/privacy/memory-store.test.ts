import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { memoryStore } from '../../main/compose/privacy/memory-store.ts'
import { Memory } from '../../main/memory/memory.ts'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import { seekIn } from '../../shared/domain/subject.ts'
import { by, memoryScript } from '../support/a-memory.ts'

let folder: string
let memory: Memory
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-memory-store-'))
  memory = new Memory({ folder, ...memoryScript, onEvent: () => {} })
})
afterEach(async () => {
  await memory.stop()
  rmSync(folder, { recursive: true, force: true })
})

const subject = (word: string) => ({ words: [word], seek: seekIn([word]) })

it('what a search found in the memory is handed over also after somebody else was looked for', async () => {
  await memory.in('default' as WorkspaceName).createEntities(
    [
      { name: 'Ana Zarzavat', entityType: 'person', observations: ['likes tea'] },
      { name: 'Bo Quimby', entityType: 'person', observations: ['likes milk'] },
    ],
    by(),
  )
  const store = memoryStore(memory)
  const ana = await store.find(subject('Zarzavat'), {})
  const bo = await store.find(subject('Quimby'), {})
  const handedOver = (found: typeof ana) => JSON.stringify(found.map((item) => store.load?.(item)))
  expect(handedOver(ana)).toContain('likes tea')
  expect(handedOver(bo)).toContain('likes milk')
})
