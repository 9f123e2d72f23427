import {
  type JSONRPCRequest,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  type Server,
  type StandardSchemaV1,
  type Transport,
} from '@modelcontextprotocol/server'
import type { Client } from '../../../shared/domain/call.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { TaskRecord } from '../../tasks/task.ts'
import type { RequestContext } from '../request-context.ts'
import { declares, type TaskDesk } from './task-desk.ts'
import { detailed, objectOf, taskOf, tasksExtension } from './task-shapes.ts'

/** Every method of tasks, of both generations. */
export const taskMethods: readonly string[] = [
  'tasks/get',
  'tasks/update',
  'tasks/cancel',
  'tasks/result',
  'tasks/list',
]

export interface TaskRequester {
  readonly client: Client
  readonly protocol: string
  readonly capabilities: JsonObject
}

const relatedTask = 'io.modelcontextprotocol/related-task'
const mostResponses = 64
const asItIs: StandardSchemaV1<unknown, JsonObject> = {
  '~standard': { version: 1, vendor: 'gatehouse', validate: (value) => ({ value: value as JsonObject }) },
}

/**
 * Takes these methods for the client: the SDK lets the fallback handler see them in no revision that took them out of
 * the core.
 */
export function takeTaskRequests(
  server: Server,
  serve: (request: JSONRPCRequest, ctx: RequestContext) => Promise<JsonObject>,
): void {
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel'])
    server.setRequestHandler(method, { params: asItIs }, async (params, ctx) => {
      const { mcpReq } = ctx as unknown as { readonly mcpReq: RequestContext & { readonly id: string | number } }
      return (await serve({ jsonrpc: '2.0', id: mcpReq.id, method, params }, mcpReq)) as Result
    })
}

/** @throws ProtocolError −32602 for a task that is not this client's, −32021 for a client that did not declare the extension */
export function answerTaskRequest(
  request: JSONRPCRequest,
  ctx: RequestContext,
  requester: TaskRequester,
  desk: TaskDesk,
): Promise<JsonObject> | JsonObject {
  const params = (request.params ?? {}) as JsonObject
  if (requester.protocol >= '2026')
    return ofExtension(request.method, { ...params, ...answersIn(ctx) }, requester, desk)
  if (requester.protocol === '2025-11-25') return experimental(request.method, params, { ctx, requester, desk })
  throw notServed()
}

/** @see the tasks extension of 2026-07-28 */
function ofExtension(method: string, params: JsonObject, { client, capabilities }: TaskRequester, desk: TaskDesk) {
  if (!['tasks/get', 'tasks/update', 'tasks/cancel'].includes(method)) throw notServed()
  if (!declares(capabilities))
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [tasksExtension]: {} } } })
  const record = known(desk, client, params)
  if (method === 'tasks/get') return detailed(record, desk.asked(record))
  if (method === 'tasks/update') desk.answer(record, responses(params))
  else desk.cancel(record)
  return {}
}

/** The SDK sets them apart. */
const answersIn = ({ inputResponses }: RequestContext): JsonObject =>
  inputResponses === undefined ? {} : { inputResponses: inputResponses as JsonObject }

interface Experimental {
  readonly ctx: RequestContext
  readonly requester: TaskRequester
  readonly desk: TaskDesk
}

/** @see MCP 2025-11-25, basic/utilities/tasks */
function experimental(method: string, params: JsonObject, all: Experimental): Promise<JsonObject> | JsonObject {
  const { desk, requester } = all
  if (method === 'tasks/list') return { tasks: desk.listOf(requester.client).map((record) => shown(record, desk)) }
  const record = known(desk, requester.client, params)
  if (method === 'tasks/get') return shown(record, desk)
  if (method === 'tasks/cancel') return cancelled(record, all)
  if (method === 'tasks/result') return result(record, all)
  throw notServed()
}

const shown = (record: TaskRecord, desk: TaskDesk): JsonObject => {
  const asks = record.phase !== 'over' && Object.keys(desk.asked(record)).length > 0
  return taskOf(record, 'experimental', asks ? 'input_required' : record.state)
}

function cancelled(record: TaskRecord, { desk, requester }: Experimental): JsonObject {
  if (record.phase === 'over')
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Cannot cancel task: it is already ${record.state}`)
  desk.cancel(record)
  return shown(known(desk, requester.client, { taskId: record.id }), desk)
}

/** Waits for the end; meanwhile the task's questions go to the client as requests. */
async function result(record: TaskRecord, { ctx, requester, desk }: Experimental): Promise<JsonObject> {
  const stop = carryQuestions(record, ctx, desk)
  try {
    await desk.ended(record, ctx.signal)
  } finally {
    stop()
  }
  const now = known(desk, requester.client, { taskId: record.id })
  const { result, error } = now.content
  if (error) throw new ProtocolError(error.code, error.message, error.data)
  if (!result) throw new ProtocolError(ProtocolErrorCode.InvalidRequest, `The task was ${now.state}`)
  return { ...result, _meta: { ...objectOf(result._meta), [relatedTask]: { taskId: record.id } } }
}

function carryQuestions(record: TaskRecord, ctx: RequestContext, desk: TaskDesk): () => void {
  const carried = new Set<string>()
  const carry = () => {
    for (const [key, { method, params }] of Object.entries(desk.asked(record))) {
      if (carried.has(key)) continue
      carried.add(key)
      const related = { ...params, _meta: { ...objectOf(params._meta), [relatedTask]: { taskId: record.id } } }
      ctx.send({ method, params: related }, asItIs, { signal: ctx.signal }).then(
        (response) => desk.answer(record, { [key]: response }),
        () => {}, // it stays open; the task's time ends it
      )
    }
  }
  carry()
  return desk.onAsked(record, carry)
}

function known(desk: TaskDesk, client: Client, { taskId }: JsonObject): TaskRecord {
  const record = desk.of(client, taskId)
  if (!record)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      'Failed to find the task: it is unknown or its time is over',
    )
  return record
}

function responses({ inputResponses }: JsonObject): JsonObject {
  const given = objectOf(inputResponses)
  if (given === inputResponses && Object.keys(given).length <= mostResponses) return given
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `inputResponses: an object of at most ${mostResponses} answers is needed`,
  )
}

const notServed = () => new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found')

/**
 * Tells clients of 2025-11-25 that calls may be tasks; no other revision has this member.
 * @see MCP 2025-11-25, basic/utilities/tasks, “Server Capabilities”
 */
export function offerTasks(transport: Transport): void {
  const send = transport.send.bind(transport)
  transport.send = (message, options) => {
    if (!('result' in message) || message.result.protocolVersion !== '2025-11-25') return send(message, options)
    const { capabilities, ...others } = message.result as { capabilities?: object }
    if (capabilities === undefined) return send(message, options)
    return send({ ...message, result: { ...others, capabilities: { ...capabilities, tasks: offered } } }, options)
  }
}

const offered = { list: {}, cancel: {}, requests: { tools: { call: {} } } }
