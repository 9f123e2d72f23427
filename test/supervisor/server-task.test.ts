import { expect, it } from 'vitest'
import type { Equipped } from '../../main/kernel/exchange.ts'
import {
  followServerTask,
  resumeServerTask,
  serverTaskOf,
  type TaskRoad,
  wishForTask,
} from '../../main/supervisor/server-task.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { askedFreely } from '../support/asked-freely.ts'

const result = (value: JsonObject): Reply => ({ kind: 'result', result: value })
const unknownTask: Reply = { kind: 'error', error: { code: -32_602, message: 'Task not found' } }

interface Sent {
  readonly method: string
  readonly params: JsonObject
}

/** A server that answers `tasks/get` with these states, one after the other. */
function aServer(states: readonly JsonObject[], era: TaskRoad['era'] = 'modern') {
  const sent: Sent[] = []
  const left = [...states]
  const road: TaskRoad = {
    era,
    toClient: askedFreely((text) => text.replaceAll('hunter2', '•')),
    ask: async (method, params) => {
      sent.push({ method, params })
      if (method === 'tasks/get') return result(left.shift() ?? {})
      return result(method === 'tasks/result' ? { content: ['v1'] } : {})
    },
  }
  return { road, sent }
}

function aCall(more: object = {}) {
  const heard: (string | undefined)[] = []
  const asked: Sent[] = []
  const call = {
    server: { name: 'jobs' },
    client: { name: 'Editor' },
    method: 'tools/call',
    entry: { definition: { execution: { taskSupport: 'optional' } } },
    signal: new AbortController().signal,
    deadline: new AbortController().signal,
    peer: {
      capabilities: { elicitation: {} },
      request: async (method: string, params: JsonObject) => {
        asked.push({ method, params })
        return { action: 'accept' }
      },
      atWork: (_id: string, message: string | undefined) => heard.push(message),
    },
    ...more,
  } as unknown as Equipped
  return { call, heard, asked }
}

it('follows a task to its answer, passing on what the server says of it without secrets', async () => {
  const { road } = aServer([
    { taskId: 't', status: 'working', statusMessage: 'half, with hunter2', pollIntervalMs: 1 },
    { taskId: 't', status: 'completed', result: { content: ['done'] } },
  ])
  const { call, heard } = aCall()
  const first = { resultType: 'task', taskId: 't', status: 'working', pollIntervalMs: 1 }
  expect(serverTaskOf(result(first), 'modern')).toEqual(first)
  expect(await followServerTask(call, first, road)).toEqual(result({ content: ['done'] }))
  expect(heard).toContain('half, with •')
})

it('asks each question of a task once, and refuses what the client cannot be asked', async () => {
  const question = { method: 'elicitation/create', params: { message: 'hunter2?' } }
  const asks = { taskId: 't', status: 'input_required', inputRequests: { q: question }, pollIntervalMs: 1 }
  const { road, sent } = aServer([asks, asks, { taskId: 't', status: 'completed', result: {} }])
  const { call, asked } = aCall()
  await followServerTask(call, { taskId: 't', status: 'working', pollIntervalMs: 1 }, road)
  expect(asked).toEqual([{ method: 'elicitation/create', params: { message: '•?' } }])
  expect(sent.filter(({ method }) => method === 'tasks/update')).toEqual([
    { method: 'tasks/update', params: { taskId: 't', inputResponses: { q: { action: 'accept' } } } },
  ])

  const evil = { ...asks, inputRequests: { q: { method: 'tools/call', params: {} } } }
  const other = aServer([evil, evil, evil])
  const reply = await followServerTask(aCall().call, { taskId: 't', status: 'working', pollIntervalMs: 1 }, other.road)
  expect(reply).toMatchObject({ kind: 'error', error: { message: expect.stringContaining('cannot give') } })
  expect(other.sent.at(-1)).toMatchObject({ method: 'tasks/cancel' })
})

it('tells the server to stop when the call is withdrawn', async () => {
  const withdrawn = new AbortController()
  const { road, sent } = aServer([])
  const { call } = aCall({ signal: withdrawn.signal })
  const following = followServerTask(call, { taskId: 't', status: 'working', pollIntervalMs: 5_000 }, road)
  withdrawn.abort(new Error('withdrawn'))
  await expect(following).rejects.toThrow()
  expect(sent).toEqual([{ method: 'tasks/cancel', params: { taskId: 't' } }])
})

it('goes on with a task the server still knows after a restart, and says so when it does not', async () => {
  const { road, sent } = aServer([{ taskId: 't', status: 'completed', result: { content: ['kept'] } }])
  expect(await resumeServerTask(aCall().call, 't', road)).toEqual(result({ content: ['kept'] }))
  expect(sent.map(({ method }) => method)).toEqual(['tasks/get']) // nothing was called again
  const forgetful: TaskRoad = { ...road, ask: async () => unknownTask }
  await expect(resumeServerTask(aCall().call, 't', forgetful)).rejects.toMatchObject({ code: 'server.crashed' })
})

it('wishes for a task of a 2025-11-25 server only where its tool can be one, and fetches its result', async () => {
  const offers = { tasks: { requests: { tools: { call: {} } } } }
  const unhurried = { deadlineMs: 1_000 }
  expect(wishForTask(aCall({ unhurried }).call, offers)).toEqual({ task: { ttl: 1_000 } })
  expect(wishForTask(aCall().call, offers)).toBeUndefined()
  expect(wishForTask(aCall({ unhurried }).call, {})).toBeUndefined()
  const required = { entry: { definition: { execution: { taskSupport: 'required' } } } }
  expect(wishForTask(aCall(required).call, offers)).toEqual({ task: {} })

  const { road } = aServer([{ taskId: 't', status: 'completed' }], 'legacy')
  const task = serverTaskOf(result({ task: { taskId: 't', status: 'working', pollInterval: 1 } }), 'legacy')
  expect(await followServerTask(aCall().call, task ?? {}, road)).toEqual(result({ content: ['v1'] }))
})
