import { randomUUID } from 'node:crypto'
import { ProtocolError } from '@modelcontextprotocol/server'

export const tasksExtension = 'io.modelcontextprotocol/tasks'
type State = Record<string, unknown>

/** A task of a server that offers the extension itself, in memory. */
export class FixtureTask {
  readonly id = randomUUID()
  readonly #controller = new AbortController()
  readonly #createdAt = new Date().toISOString()
  #state: State = { status: 'working' }
  #open: Record<string, unknown> = {}
  #settle: (() => void) | undefined

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  run(work: (task: FixtureTask) => Promise<State>): void {
    work(this).then(
      (result) => this.#end({ status: 'completed', result }),
      (error: ProtocolError) =>
        this.#end({ status: 'failed', error: { code: error.code ?? -32603, message: error.message } }),
    )
  }

  /** Resolves once every question is answered. */
  ask(requests: Record<string, unknown>): Promise<void> {
    this.#open = { ...requests }
    return new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  answer(responses: Record<string, unknown>): void {
    for (const key of Object.keys(responses)) delete this.#open[key]
    if (Object.keys(this.#open).length === 0) this.#settle?.()
  }

  cancel(): void {
    this.#end({ status: 'cancelled' })
    this.#controller.abort()
  }

  get created(): State {
    return { resultType: 'task', ...this.#facts, status: 'working' }
  }

  get detailed(): State {
    const asks = this.#state.status === 'working' && Object.keys(this.#open).length > 0
    return { ...this.#facts, ...this.#state, ...(asks ? { status: 'input_required', inputRequests: this.#open } : {}) }
  }

  get #facts(): State {
    const times = { createdAt: this.#createdAt, lastUpdatedAt: new Date().toISOString() }
    return { taskId: this.id, ...times, ttlMs: 60_000, pollIntervalMs: 50 }
  }

  #end(state: State): void {
    if (this.#state.status === 'working') this.#state = state
  }
}

export class FixtureTasks {
  readonly #tasks = new Map<string, FixtureTask>()

  start(work: (task: FixtureTask) => Promise<State>): State {
    const task = new FixtureTask()
    this.#tasks.set(task.id, task)
    task.run(work)
    return task.created
  }

  answer(method: string, { taskId, inputResponses }: State): State {
    const task = this.#tasks.get(String(taskId))
    if (!task) throw new ProtocolError(-32602, 'Task not found')
    if (method === 'tasks/update') task.answer(inputResponses as Record<string, unknown>)
    if (method === 'tasks/cancel') task.cancel()
    return method === 'tasks/get' ? task.detailed : {}
  }
}
