import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildMatrix } from '../../main/compose/rule-matrix.ts'
import type { Rules } from '../../main/permissions/rules.ts'
import { type AnApp, anApp } from './an-app.ts'

let app: AnApp
beforeAll(async () => {
  app = await anApp()
})
afterAll(() => app.end())

const window = { carrier: 'browser', description: 'window' } as const

it('has Gatehouse’s own tools and no column while there is no app', async () => {
  const { clients, servers } = await app.handlers.permissions.matrix(undefined, window)
  expect(clients).toEqual([])
  expect(servers.map(({ name, tools }) => [name, tools.every(({ effects }) => effects.length === 0)])).toEqual([
    ['gatehouse', true],
  ])
})

it('has what the rules say for every app, tool by tool, in the order of the apps', async () => {
  const said = { 'notes__read editor': 'allow', 'notes__write editor': 'deny', 'notes__read cursor': 'ask' } as const
  const rules = {
    effectOf: (client: string, tool: string) => said[`${tool} ${client}` as keyof typeof said],
  } as unknown as Rules
  const clients = {
    list: () => ['editor', 'cursor', 'gone'].map((name) => ({ name, state: name === 'gone' ? 'revoked' : 'paired' })),
  }
  const entry = (name: string, kind = 'tool') => ({ kind, name, server: 'notes', title: name })
  const catalog = { entries: () => [entry('notes__read'), entry('notes__write'), entry('notes://x', 'resource')] }
  expect(await buildMatrix(rules, { clients } as never, { catalog } as never)).toEqual({
    clients: ['editor', 'cursor'],
    servers: [
      {
        name: 'notes',
        tools: [
          { name: 'notes__read', title: 'notes__read', effects: ['allow', 'ask'] },
          { name: 'notes__write', title: 'notes__write', effects: ['deny', 'hidden'] },
        ],
      },
    ],
  })
})
