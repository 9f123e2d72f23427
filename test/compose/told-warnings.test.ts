import { expect, it } from 'vitest'
import { toldWarnings } from '../../main/compose/told-warnings.ts'
import type { ServerName } from '../../shared/domain/ids.ts'

it('announces a server when another’s entries give it something to mind, and once when it is over', () => {
  const [a, b] = ['a', 'b'] as ServerName[]
  const counts = new Map<ServerName | undefined, number>()
  const announced: (ServerName | undefined)[] = []
  const tell = toldWarnings(
    () => ({ warnings: (name) => Array.from({ length: counts.get(name) ?? 0 }) }),
    () => [{ name: a as ServerName }, { name: b as ServerName }],
    (name) => announced.push(name),
  )
  tell()
  counts.set(a, 1).set(b, 1)
  tell()
  tell()
  expect(announced).toEqual([a, b])
  counts.set(a, 0)
  tell()
  expect(announced).toEqual([a, b, a])
})
