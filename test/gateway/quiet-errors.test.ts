import { expect, it } from 'vitest'
import { quietly } from '../../main/gateway/quiet-errors.ts'

function aLog() {
  const told: string[] = []
  const clock = { ms: 0 }
  const onError = quietly(
    (kind, times) => told.push(`${kind} × ${times}`),
    () => clock.ms,
  )
  return { told, clock, onError }
}

it('tells the kind of an error, never what it says', () => {
  const { told, onError } = aLog()
  onError(new SyntaxError('Unexpected token in "my secret"'))
  onError(Object.assign(new Error('my secret'), { code: 'ECONNRESET' }))
  onError(Object.assign(new Error('x'), { code: 'my secret' }))
  onError('my secret')
  expect(told).toEqual(['SyntaxError × 1', 'Error ECONNRESET × 1', 'Error × 1', 'string × 1'])
})

it('tells each kind at most once a minute, and how often it came', () => {
  const { told, clock, onError } = aLog()
  for (let times = 0; times < 1000; times++) onError(new Error('again'))
  clock.ms = 60_000
  onError(new Error('again'))
  expect(told).toEqual(['Error × 1', 'Error × 1000'])
})
