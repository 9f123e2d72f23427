import { expect, it } from 'vitest'
import { DevicePairing } from '../../main/clients/device-pairing.ts'
import type { PairQuestion } from '../../main/clients/pairing.ts'
import type { Client } from '../../shared/domain/call.ts'
import type { ClientId } from '../../shared/domain/ids.ts'
import type { GatehouseError } from '../../shared/errors.ts'

const tokens = { accessToken: 'a', refreshToken: 'r' } as never

function aPairing(known?: Partial<Client>) {
  const clock = { ms: 0 }
  const asked: { question: PairQuestion; answer: (answer: 'allow' | 'deny') => void }[] = []
  const paired: string[] = []
  const pairing = new DevicePairing({
    clients: {
      named: (name) => (known?.name === name ? (known as Client) : undefined),
      admitByPerson: async (name) => {
        paired.push(name)
        return 'cl_1' as ClientId
      },
    },
    askPerson: (question) =>
      new Promise((answer) => {
        question.signal?.addEventListener('abort', () => answer('deny'))
        asked.push({ question, answer })
      }),
    begin: async () => tokens,
    monotonicMs: () => clock.ms,
  })
  return { clock, asked, paired, pairing }
}
const refusal = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as GatehouseError).code
  }
  return undefined
}

it('shows the person the code the client shows, and gives tokens once, after they said yes', async () => {
  const { pairing, asked, paired, clock } = aPairing()
  const codes = pairing.begin('Web App')
  expect(codes).toMatchObject({
    expiresInS: 600,
    intervalS: 5,
    userCode: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
  })
  expect(asked[0]?.question).toMatchObject({ kind: 'pair', clientName: 'Web App', userCode: codes.userCode })
  expect(await pairing.poll(codes.deviceCode)).toBe('authorization_pending')
  expect(await pairing.poll(codes.userCode)).toBe('expired_token')
  expect(paired).toEqual([])
  asked[0]?.answer('allow')
  clock.ms = 5_000
  await expect.poll(() => pairing.poll(codes.deviceCode)).toBe(tokens)
  expect(paired).toEqual(['Web App'])
  expect(await pairing.poll(codes.deviceCode)).toBe('expired_token')
})

it('makes a client that looks too often wait longer each time', async () => {
  const { pairing, clock } = aPairing()
  const { deviceCode } = pairing.begin('App')
  expect(await pairing.poll(deviceCode)).toBe('authorization_pending')
  clock.ms = 4_000
  expect(await pairing.poll(deviceCode)).toBe('slow_down')
  clock.ms = 9_500
  expect(await pairing.poll(deviceCode)).toBe('slow_down')
  clock.ms = 24_500
  expect(await pairing.poll(deviceCode)).toBe('authorization_pending')
})

it('takes a no, and asks nothing about that name for two minutes', async () => {
  const { pairing, asked, paired, clock } = aPairing()
  const { deviceCode } = pairing.begin('App')
  asked[0]?.answer('deny')
  await expect.poll(() => pairing.poll(deviceCode)).toBe('access_denied')
  expect(refusal(() => pairing.begin('APP'))).toBe('client.unpaired')
  clock.ms = 2 * 60_000
  expect(refusal(() => pairing.begin('App'))).toBeUndefined()
  expect(paired).toEqual([])
})

it('ends after ten minutes, and takes its question along', async () => {
  const { pairing, asked, paired, clock } = aPairing()
  const { deviceCode } = pairing.begin('App')
  clock.ms = 10 * 60_000
  expect(await pairing.poll(deviceCode)).toBe('expired_token')
  expect(asked[0]?.question.signal?.aborted).toBe(true)
  asked[0]?.answer('allow')
  expect(await pairing.poll(deviceCode)).toBe('expired_token')
  expect(paired).toEqual([])
})

it('asks about five at a time and no more, whatever names they take', () => {
  const { pairing, asked } = aPairing()
  for (let n = 0; n < 5; n++) pairing.begin(`app ${n}`)
  expect(refusal(() => pairing.begin('app 6'))).toBe('client.pairing-busy')
  expect(asked).toHaveLength(5)
})

it('refuses revoked, suspended, reserved and unshowable names, and says when one is paired already', () => {
  for (const state of ['revoked', 'suspended'] as const)
    expect(refusal(() => aPairing({ name: 'App', state }).pairing.begin('App'))).toBe(`client.${state}`)
  for (const name of ['cli', 'a\u202eb', ''])
    expect(refusal(() => aPairing().pairing.begin(name))).toBe('input.invalid')
  const { pairing, asked } = aPairing({ name: 'App', state: 'paired' })
  pairing.begin('App')
  expect(asked[0]?.question.again).toBe(true)
})
