import { describe, expect, it } from 'vitest'
import { Operator } from '../../main/credentials/operator.ts'
import { memoryRing } from './memory-ring.ts'

describe('the operator passphrase', () => {
  it('is set once, and replaced only by who knows it', async () => {
    const operator = new Operator(memoryRing())
    expect(await operator.isSet()).toBe(false)
    expect(await operator.verify('anything')).toBe(false)
    await expect(operator.set(undefined, 'short')).rejects.toMatchObject({ code: 'input.invalid' })
    await operator.set(undefined, 'correct horse')
    expect(await operator.verify('correct horse')).toBe(true)
    expect(await operator.verify('wrong horse')).toBe(false)
    await expect(operator.set(undefined, 'another horse')).rejects.toMatchObject({ code: 'operator.wrong' })
    await operator.set('correct horse', 'another horse')
    expect(await operator.verify('another horse')).toBe(true)
  })

  it('makes a guesser wait ever longer, also after a restart', async () => {
    const ring = memoryRing()
    let now = 1_000_000
    const operator = new Operator(ring, () => now)
    await operator.set(undefined, 'correct horse')
    for (let i = 0; i < 5; i++) expect(await operator.verify(`guess ${i}`)).toBe(false)
    await expect(operator.verify('correct horse')).rejects.toMatchObject({
      code: 'operator.throttled',
      params: { seconds: '1' },
    })
    const restarted = new Operator(ring, () => now)
    await expect(restarted.verify('correct horse')).rejects.toMatchObject({ code: 'operator.throttled' })
    now += 1000
    expect(await restarted.verify('guess 6')).toBe(false)
    await expect(restarted.verify('correct horse')).rejects.toMatchObject({ params: { seconds: '2' } })
    now += 2000
    expect(await restarted.verify('correct horse')).toBe(true)
    expect(await restarted.verify('guess 7')).toBe(false)
    expect(await restarted.verify('correct horse')).toBe(true)
  })

  it('counts guesses made at the same time one by one', async () => {
    const operator = new Operator(memoryRing(), () => 0)
    await operator.set(undefined, 'correct horse')
    const guesses = await Promise.allSettled(Array.from({ length: 7 }, (_, i) => operator.verify(`guess ${i}`)))
    expect(guesses.map((guess) => guess.status)).toEqual([...Array(5).fill('fulfilled'), 'rejected', 'rejected'])
  })
})
