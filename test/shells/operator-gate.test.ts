import { describe, expect, it } from 'vitest'
import { OperatorGate } from '../../main/shells/operator-gate.ts'

function aGate(set = true) {
  const clock = { nowMs: 0 }
  const gate = new OperatorGate({ isSet: () => set, verify: async (given) => given === 'right one' }, () => clock.nowMs)
  return { gate, clock }
}
const codeOf = (attempt: Promise<void>) =>
  attempt.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  )

describe('the operator gate', () => {
  it('lets the right passphrase pass and says what is missing otherwise', async () => {
    const { gate } = aGate()
    expect(await codeOf(gate.prove('cli', 'right one'))).toBe('ok')
    expect(await codeOf(gate.prove('cli', 'wrong'))).toBe('operator.wrong')
    expect(await codeOf(gate.prove('cli', undefined))).toBe('operator.required')
    expect(await codeOf(aGate(false).gate.prove('cli', 'right one'))).toBe('operator.unset')
  })

  it('makes a carrier wait after five wrong ones, also the right one, and not the other carrier', async () => {
    const { gate, clock } = aGate()
    for (let attempt = 0; attempt < 5; attempt++) expect(await codeOf(gate.prove('cli', 'x'))).toBe('operator.wrong')
    expect(await codeOf(gate.prove('cli', 'right one'))).toBe('operator.throttled')
    expect(await codeOf(gate.prove('browser', 'right one'))).toBe('ok')
    clock.nowMs += 2001
    expect(await codeOf(gate.prove('cli', 'right one'))).toBe('ok')
  })

  it('counts guesses made at the same time', async () => {
    const { gate } = aGate()
    const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(gate.prove('cli', 'guess'))))
    expect(codes.filter((code) => code === 'operator.wrong')).toHaveLength(5)
    expect(codes.filter((code) => code === 'operator.throttled')).toHaveLength(45)
  })
})
