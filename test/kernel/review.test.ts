import { expect, it } from 'vitest'
import { handle } from '../../main/kernel/kernel.ts'
import type { KernelParts } from '../../main/kernel/ports.ts'
import { Rounds } from '../../main/kernel/rounds.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { EntryName, ServerName } from '../../shared/domain/ids.ts'
import { clientRevoked, filterBlocked } from '../../shared/errors.ts'
import { aCall, aServer, aSession, editor } from '../permissions/a-call.ts'
import { aReceived, noFlow, someFilters } from './an-exchange.ts'

const held = { method: 'tools/call', target: 'notes__do_it', arguments: { text: 'as asked' } } as const

/** A kernel whose stages are stand-ins; what reaches the server is kept. */
function aKernel(change: Partial<KernelParts> = {}) {
  const { server, entry } = aCall({ server: aServer() })
  const reached: CallFacts[] = []
  const looked: unknown[] = []
  const parts: KernelParts = {
    audit: { recorded: (_, work) => work(), intend: () => {} },
    records: { isSound: () => true },
    clients: { identify: () => ({ client: editor, session: aSession() }), beyondKey: () => undefined },
    limits: {
      throttle: () => {},
      replied: () => {},
      admit: async (_, deadline) => ({ deadline, deadlineMs: 1, release: () => {} }),
    },
    cells: { requireFor: () => {} },
    catalog: {
      resolve: (request) => {
        looked.push(request)
        return { server, entry }
      },
      isForeign: () => false,
      check: () => undefined,
    },
    filters: someFilters(),
    rounds: new Rounds(),
    flow: noFlow,
    permissions: {
      evaluate: () => ({ effect: 'allow', rule: '', reasons: [], action: 'read', risk: 'low' }),
      spend: () => {},
    },
    approvals: { held: () => held, clear: async () => ({ by: 'rule' }), confirm: () => {} },
    credentials: { lease: async () => ({}) },
    servers: {
      dispatch: async (call) => {
        reached.push(call)
        return { kind: 'result', result: {} }
      },
      endSession: () => {},
    },
    ...change,
  }
  return { parts, reached, looked }
}

it('gives the waiting call nothing of the call that waits for it', async () => {
  const kernel = aKernel()
  const { received } = aReceived(
    { id: 'ap_1' },
    { target: 'gatehouse__await_approval', view: 'else' as ServerName, extra: { also: 'this' } },
  )
  await handle(received, kernel.parts)
  expect(kernel.reached[0]).toMatchObject({ arguments: { text: 'as asked' } })
  expect(kernel.reached[0]).not.toHaveProperty('extra')
  expect(kernel.looked[0]).not.toHaveProperty('view')
})

it('notes the method of the call that was awaited', async () => {
  const kernel = aKernel()
  const awaited = { method: 'resources/read', target: 'file:///a', arguments: {} } as const
  kernel.parts.approvals.held = () => awaited
  const { received, trail } = aReceived({ id: 'ap_1' }, { target: 'gatehouse__await_approval' })
  await handle(received, kernel.parts)
  expect(trail().method).toBe('resources/read')
})

it('reaches no server for a client that was revoked while its call waited', async () => {
  let revoked = false
  const kernel = aKernel({
    clients: {
      beyondKey: () => undefined,
      identify: () => {
        if (revoked) throw clientRevoked('Editor')
        return { client: editor, session: aSession() }
      },
    },
    limits: {
      throttle: () => {},
      replied: () => {},
      admit: async (_, deadline) => {
        revoked = true
        return { deadline, deadlineMs: 1, release: () => {} }
      },
    },
  })
  await expect(handle(aReceived({}).received, kernel.parts)).rejects.toMatchObject({ code: 'client.revoked' })
  expect(kernel.reached).toEqual([])
})

it('refuses unsafe values and blocks secrets in everything that is sent beside the arguments', async () => {
  const filters = someFilters()
  const kernel = aKernel({
    filters: {
      ...filters,
      call: (input) => {
        if (JSON.stringify(input.arguments).includes('hunter2')) throw filterBlocked('x' as EntryName, 'secrets', 'one')
        return filters.call(input)
      },
    },
  })
  const send = (more: object) => handle(aReceived({}, more).received, kernel.parts)
  await expect(send({ meta: { note: 'hunter2' } })).rejects.toMatchObject({ code: 'filters.blocked' })
  await expect(send({ extra: { task: { note: 'hunter2' } } })).rejects.toMatchObject({ code: 'filters.blocked' })
  await expect(send({ extra: { requestState: 'hunter2' } })).rejects.toMatchObject({ code: 'filters.blocked' })
  await expect(send({ meta: { big: 2 ** 60 } })).rejects.toMatchObject({ code: 'arguments.unsafe' })
  await expect(send({ meta: JSON.parse('{"__proto__":1}') })).rejects.toMatchObject({ code: 'arguments.unsafe' })
  expect(kernel.reached).toEqual([])
})
