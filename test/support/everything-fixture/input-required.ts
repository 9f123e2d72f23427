import { createHmac, timingSafeEqual } from 'node:crypto'
import { ProtocolError, ProtocolErrorCode, type ServerContext } from '@modelcontextprotocol/server'
import { said, text } from './contents.ts'
import { capabilitiesOf, type FixtureTools } from './tools.ts'

const key = 'fixture-state-key'
type Schema = Record<string, { type: string }>

const elicit = (message: string, properties: Schema) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required: Object.keys(properties) } },
})
const sample = (prompt: string, maxTokens: number) => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: text(prompt) }], maxTokens },
})
const roots = { method: 'roots/list', params: {} }
const askName = elicit('What is your name?', { name: { type: 'string' } })
const name = { type: 'string' }

const required = (inputRequests: Record<string, unknown>, state?: string) => ({
  resultType: 'input_required',
  inputRequests,
  ...(state === undefined ? {} : { requestState: sealed(state) }),
})

/** Tools that answer with what they still need, as servers do from 2026-07-28. */
export const inputTools: FixtureTools = {
  test_input_required_result_elicitation: {
    description: 'Needs a name',
    call: (_, ctx) => {
      const given = accepted(ctx, 'user_name')?.name
      return typeof given === 'string' ? said(`Hello, ${given}!`) : required({ user_name: askName })
    },
  },
  test_streaming_elicitation: {
    description: 'Needs a name',
    call: (_, ctx) => (accepted(ctx, 'user_name') ? said('Hello') : required({ user_name: askName })),
  },
  test_input_required_result_sampling: {
    description: 'Needs an answer of a model',
    call: (_, ctx) => {
      const answer = response(ctx, 'capital_question')?.content as { text?: string } | undefined
      if (answer) return said(answer.text ?? '')
      return required({ capital_question: sample('What is the capital of France?', 100) })
    },
  },
  test_input_required_result_list_roots: {
    description: 'Needs the folders of the client',
    call: (_, ctx) => {
      const answer = response(ctx, 'client_roots')
      return answer ? said(`Roots: ${JSON.stringify(answer.roots)}`) : required({ client_roots: roots })
    },
  },
  test_input_required_result_request_state: {
    description: 'Needs its own state back',
    call: (_, ctx) => {
      if (accepted(ctx, 'confirm') && opened(ctx) === 'confirming') return said('state-ok')
      return required({ confirm: elicit('Please confirm', { ok: { type: 'boolean' } }) }, 'confirming')
    },
  },
  test_input_required_result_tampered_state: {
    description: 'Refuses a state it did not make',
    call: (_, ctx) => {
      if (opened(ctx) === 'tamper') return said('state-ok')
      return required({ confirm: elicit('Please confirm', { ok: { type: 'boolean' } }) }, 'tamper')
    },
  },
  test_input_required_result_multiple_inputs: {
    description: 'Needs three things at once',
    call: (_, ctx) => {
      const [person, greeting, folders] = ['user_name', 'greeting', 'client_roots'].map((one) => response(ctx, one))
      if (person && greeting && folders && opened(ctx) === 'three') return said('Everything is there')
      const greet = sample('Generate a greeting', 50)
      return required({ user_name: askName, greeting: greet, client_roots: roots }, 'three')
    },
  },
  test_input_required_result_multi_round: {
    description: 'Needs one thing after the other',
    call: (_, ctx) => {
      const state = opened(ctx)
      if (state === 'second' && accepted(ctx, 'step2')) return said('Both steps are done')
      if (state === 'first' && accepted(ctx, 'step1'))
        return required({ step2: elicit('Step 2: What is your favorite color?', { color: name }) }, 'second')
      return required({ step1: elicit('Step 1: What is your name?', { name }) }, 'first')
    },
  },
  test_input_required_result_capabilities: {
    description: 'Needs only what the client can give',
    call: (_, ctx) => {
      const can = capabilitiesOf(ctx)
      const requests = {
        ...(can.sampling ? { model: sample('Say hello', 20) } : {}),
        ...(can.elicitation ? { person: askName } : {}),
        ...(can.roots ? { folders: roots } : {}),
      }
      return ctx.mcpReq.inputResponses || Object.keys(requests).length === 0 ? said('Done') : required(requests)
    },
  },
}

/** The prompt that needs input. */
export function promptNeedingInput(ctx: ServerContext) {
  const context = accepted(ctx, 'user_context')?.context
  if (context === undefined)
    return required({ user_context: elicit('What context should the prompt use?', { context: { type: 'string' } }) })
  return { messages: [{ role: 'user', content: text(`Use this context: ${String(context)}`) }] }
}

type Response = Record<string, unknown>
function response(ctx: ServerContext, which: string): Response | undefined {
  return ctx.mcpReq.inputResponses?.[which] as Response | undefined
}

/** What a person entered, if they agreed. */
function accepted(ctx: ServerContext, which: string): Response | undefined {
  const { action, content } = response(ctx, which) ?? {}
  return action === 'accept' && typeof content === 'object' ? ((content ?? {}) as Response) : undefined
}

const mac = (state: string) => createHmac('sha256', key).update(state).digest('base64url')
const sealed = (state: string) => `${state}.${mac(state)}`

function opened(ctx: ServerContext): string | undefined {
  const given = ctx.mcpReq.requestState<unknown>()
  if (given === undefined) return undefined
  const [state = '', proof = ''] = String(given).split('.')
  const right = Buffer.from(mac(state))
  const shown = Buffer.from(proof)
  if (right.length === shown.length && timingSafeEqual(right, shown)) return state
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The request state was changed')
}
