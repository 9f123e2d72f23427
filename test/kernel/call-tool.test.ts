import { expect, it } from 'vitest'
import type { CatalogPort } from '../../main/kernel/ports.ts'
import { identify } from '../../main/kernel/stages/identify.ts'
import { resolve } from '../../main/kernel/stages/resolve.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { aCall, aServer, aSession, editor } from '../permissions/a-call.ts'
import { anyCell, aReceived } from './an-exchange.ts'

const callTool = 'gatehouse__call_tool'
const held = { method: 'tools/call', target: 'notes__waiting', arguments: { kept: true } } as const

function through(args: unknown, change: Parameters<typeof aReceived>[1] = {}) {
  const asked: Parameters<CatalogPort['resolve']>[0][] = []
  const { server, entry } = aCall({ server: aServer() })
  const catalog: CatalogPort = {
    resolve: (request) => {
      asked.push(request)
      return { server, entry }
    },
    isForeign: () => false,
    check: () => undefined,
  }
  const approvals = { held: (id: string) => (id === 'ap_1' ? held : fail()), clear: fail, confirm: fail }
  const { received, trail } = aReceived(args, { target: callTool, ...change })
  const session = aSession()
  const resolved = resolve(
    identify(
      received,
      { identify: () => ({ client: editor, session }), beyondKey: () => undefined },
      { isSound: () => true },
    ),
    catalog,
    approvals,
    anyCell,
  )
  return { resolved, asked, trail }
}
function fail(): never {
  throw new Error('nobody should ask this')
}
const code = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return 'done'
}

it('a carried call is resolved, and goes on, as if it had been made by itself', () => {
  const { resolved, asked, trail } = through(
    { name: 'notes__do_it', arguments: { a: 1 } },
    { meta: { progressToken: 7 } },
  )
  expect(asked).toMatchObject([{ target: 'notes__do_it', method: 'tools/call', client: { name: editor.name } }])
  expect(resolved).toMatchObject({ target: 'notes__do_it', arguments: { a: 1 }, meta: { progressToken: 7 } })
  expect(trail()).toMatchObject({ entry: resolved.entry.name })
  expect(through({ name: 'notes__do_it' }).resolved.arguments).toEqual({})
})

it('a carried call keeps to the one server its connection shows', () => {
  const view = 'notes' as ServerName
  expect(through({ name: 'do_it' }, { view }).asked).toMatchObject([{ target: 'do_it', view }])
})

it('a call that carries waiting for an approval is the call that waits', () => {
  const { asked, resolved } = through({ name: 'gatehouse__await_approval', arguments: { id: 'ap_1' } })
  expect(asked).toMatchObject([{ target: 'notes__waiting' }])
  expect(resolved.arguments).toEqual({ kept: true })
})

it.each([
  ['no name', {}],
  ['a name that is none', { name: 7 }],
  ['itself', { name: callTool, arguments: { name: 'notes__do_it' } }],
  ['arguments beside “arguments”', { name: 'notes__do_it', path: '/etc' }],
])('a carried call with %s is refused before the catalog is asked', (_, args) => {
  expect(code(() => through(args))).toBe('arguments.invalid')
})

it('a resource or prompt of that name carries nothing', () => {
  expect(through({}, { method: 'prompts/get' }).asked).toMatchObject([{ target: callTool, method: 'prompts/get' }])
})
