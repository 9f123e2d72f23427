import { expect, test } from 'vitest'
import { counted } from '../../main/compose/counted.ts'
import { policyDenied } from '../../shared/errors.ts'
import { aReceived } from '../kernel/an-exchange.ts'

const answer = { kind: 'result', result: {} } as const

test('a call is counted once, answered or refused', async () => {
  const counts: boolean[] = []
  const count = (_: string, refused: boolean) => void counts.push(refused)
  const fine = counted(
    async () => answer,
    count,
    () => {},
  )
  const refusing = counted(
    () => Promise.reject(policyDenied('x', 'no')),
    count,
    () => {},
  )
  await expect(fine(aReceived({}).received)).resolves.toBe(answer)
  await expect(refusing(aReceived({}).received)).rejects.toMatchObject({ code: 'policy.denied' })
  expect(counts).toEqual([false, true])
})

test('a count that fails neither refuses an answered call nor hides why one was refused', async () => {
  const problems: unknown[] = []
  const broken = () => {
    problems.push('asked')
    throw new Error('the database is closed')
  }
  const fine = counted(
    async () => answer,
    broken,
    (error) => problems.push(error),
  )
  const refusing = counted(
    () => Promise.reject(policyDenied('x', 'no')),
    broken,
    (error) => problems.push(error),
  )
  await expect(fine(aReceived({}).received)).resolves.toBe(answer)
  await expect(refusing(aReceived({}).received)).rejects.toMatchObject({ code: 'policy.denied' })
  expect(problems).toEqual(['asked', expect.any(Error), 'asked', expect.any(Error)])
})
