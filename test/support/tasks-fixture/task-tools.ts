import { MissingRequiredClientCapabilityError, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { type FixtureTasks, tasksExtension } from './tasks.ts'

export interface Asker {
  readonly declares: boolean
  readonly inputResponses: Record<string, unknown>
}
type Arguments = Record<string, unknown>
export interface TaskTool {
  readonly properties?: Record<string, { type: string }>
  readonly call: (given: Arguments, asker: Asker, tasks: FixtureTasks) => unknown
}

const said = (text: string, isError = false) => ({ content: [{ type: 'text', text }], ...(isError ? { isError } : {}) })
const elicit = (message: string, properties: Record<string, { type: string }>) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: { type: 'object', properties } },
})
const confirm = elicit('Really?', { confirm: { type: 'boolean' } })
const name = elicit('What is your name?', { name: { type: 'string' } })

const requiresTasks = ({ declares }: Asker) => {
  if (declares) return
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [tasksExtension]: {} } } })
}
const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/** The tools the suite's task scenarios ask for. */
export const taskTools: Readonly<Record<string, TaskTool>> = {
  greet: { properties: { name: { type: 'string' } }, call: ({ name }) => said(`Hello, ${name}!`) },
  slow_compute: {
    properties: { seconds: { type: 'number' }, label: { type: 'string' } },
    call: async ({ seconds, label }, { declares }, tasks) => {
      const ms = Number(seconds ?? 0) * 1000
      const work = async (signal: AbortSignal) => {
        await pause(ms, signal)
        return said(`Computed ${label}`)
      }
      if (!declares || ms === 0) return work(new AbortController().signal)
      return tasks.start((task) => work(task.signal))
    },
  },
  failing_job: {
    call: (_, asker, tasks) => {
      requiresTasks(asker)
      return tasks.start(async ({ signal }) => {
        await pause(1000, signal)
        return said('The job failed', true)
      })
    },
  },
  protocol_error_job: {
    call: (_, __, tasks) =>
      tasks.start(async () => {
        throw new ProtocolError(ProtocolErrorCode.InternalError, 'The job broke')
      }),
  },
  confirm_delete: {
    properties: { filename: { type: 'string' } },
    call: ({ filename }, _, tasks) =>
      tasks.start(async (task) => {
        await task.ask({ confirm })
        return said(`Deleted ${filename}`)
      }),
  },
  multi_input: {
    call: (_, __, tasks) =>
      tasks.start(async (task) => {
        await task.ask({ first: name, second: confirm })
        return said('Both are known')
      }),
  },
  test_tool_with_task: {
    call: (_, asker, tasks) => {
      requiresTasks(asker)
      const given = asker.inputResponses.user_name as { content?: { name?: string } } | undefined
      if (!given) return { resultType: 'input_required', inputRequests: { user_name: name } }
      return tasks.start(async () => said(`Hello, ${given.content?.name}`))
    },
  },
}
