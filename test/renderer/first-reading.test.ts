import { expect, it } from 'vitest'
import { mirrorOf } from '../../renderer/app/store.ts'
import { gatehouseClient } from '../../renderer/client.ts'
import type { Answer, Connection, Transport } from '../../renderer/transport/transport.ts'
import { fullSample, sampleAnswers } from './sample-data.ts'

/** Main as its contract speaks, over nothing but functions; the channels in `broken` are answered with a problem. */
function aWindow(...broken: string[]) {
  const sample = fullSample()
  const answers = sampleAnswers(sample, () => undefined)
  const refusing = new Set(broken)
  const listeners = new Map<string, (payload: unknown) => void>()
  let connect: (connection: Connection) => void = () => undefined
  const problem: Answer = {
    ok: false,
    error: { code: 'store.locked', params: {}, sentence: 'The records are locked.' },
  }
  const transport: Transport = {
    shell: 'electron',
    call: async (channel, input) => (refusing.has(channel) ? problem : { ok: true, value: answers(channel, input) }),
    on: (channel, listener) => {
      listeners.set(channel, listener)
      return () => listeners.delete(channel)
    },
    onConnection: (listener) => {
      connect = listener
      return () => undefined
    },
    confirm: async () => ({ confirmed: true }),
  }
  const store = mirrorOf(
    transport,
    gatehouseClient(transport, async () => true),
  )
  const tell = (event: string, payload: unknown) => listeners.get(event)?.(payload)
  const until = (what: (mirror: ReturnType<typeof store.getState>) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => what(store.getState()) && resolve()
      store.subscribe(look)
      look()
    })
  return { sample, store, tell, refusing, until, connect: () => connect('connected') }
}

it('shows the window before servers, calls and grades are there', async () => {
  const { store, until, connect } = aWindow('servers.list', 'sessions.calls', 'compliance.grades')
  connect()
  await until(({ setup }) => setup !== undefined)
  expect(store.getState().failure).toBeUndefined()
})

it('keeps a part that could not be read failed, whatever main tells of it afterwards', async () => {
  const { sample, store, tell, until, connect } = aWindow('servers.list', 'sessions.calls', 'compliance.grades')
  connect()
  await until(({ failed }) => 'servers' in failed && 'calls' in failed && 'grades' in failed)
  tell('servers.changed', sample.servers[0])
  tell('servers.removed', { name: 'memory' })
  tell('sessions.called', sample.calls[0])
  tell('compliance.graded', { server: 'memory', score: 90, grade: 'A', checkedAt: 1 })
  const { servers, calls, grades, failed } = store.getState()
  expect({ servers, calls, grades }).toEqual({ servers: undefined, calls: undefined, grades: undefined })
  expect(failed.servers).toMatchObject({ code: 'store.locked' })
})

it('reads a failed part again, and follows it from then on', async () => {
  const { sample, store, tell, refusing, until, connect } = aWindow('servers.list')
  connect()
  await until(({ failed }) => 'servers' in failed)
  refusing.clear()
  store.getState().readAgain('servers')
  await until(({ servers }) => servers !== undefined)
  expect(store.getState().failed).toEqual({})
  tell('servers.removed', { name: sample.servers[0]?.name })
  expect(store.getState().servers?.map(({ name }) => name)).toEqual(sample.servers.slice(1).map(({ name }) => name))
})

it('shows nothing of main when its state or the questions cannot be read, and all of it once they can', async () => {
  const { store, refusing, until, connect } = aWindow('approvals.pending')
  connect()
  await until(({ failure }) => failure !== undefined)
  expect(store.getState().setup).toBeUndefined()
  refusing.clear()
  store.getState().readAgain()
  await until(({ setup, failure }) => setup !== undefined && failure === undefined)
})
