import { type CallOutcome, callOutcomes, callSteps } from '../../shared/domain/metrics.ts'
import { Bounded, Counts } from './bounded.ts'
import { Distribution } from './distribution.ts'
import { counter, type Family, type Sample } from './family.ts'
import { askedMs, type SeenCall, type SeenEnd, type SeenTrail } from './seen-call.ts'

/** Names that are told apart; what comes later counts as “other”. */
const most = { servers: 200, clientsEach: 50, tools: 500, few: 64 }

class Ends {
  readonly counts = new Float64Array(callOutcomes.length)

  add(outcome: CallOutcome): void {
    const at = placeOf[outcome]
    this.counts[at] = (this.counts[at] as number) + 1
  }
}
const placeOf: Readonly<Record<CallOutcome, number>> = { success: 0, error: 1, refused: 2, waiting: 3 }

/** Of one client at one server. */
class Pair extends Ends {
  readonly took = new Distribution()
}
class Server {
  readonly clients = new Bounded(() => new Pair(), most.clientsEach)
  /** Seconds by step. */
  readonly steps = new Float64Array(callSteps.length)
  /** At work in the server itself. */
  readonly worked = new Distribution()
  readonly codes = new Counts(most.few)
}
class Tool extends Ends {
  readonly took = new Distribution()
}

const shown = {
  operation: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  request: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  tool: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
}
const serverAt = callSteps.indexOf('server')
/** Refused before it was known which server is meant. */
const nobody = 'none'
/** As the documents call them. */
const statusOf: Readonly<Record<CallOutcome, string>> = {
  success: 'success',
  error: 'server_error',
  refused: 'client_error',
  waiting: 'client_error',
}

/** Counts calls as they end. On the path of every call: it adds to numbers that are there and makes nothing new. */
export class CallMeter {
  readonly #servers = new Bounded(() => new Server(), most.servers)
  readonly #tools = new Bounded(() => new Tool(), most.tools)
  readonly #methods = new Bounded(() => new Tool(), most.few)
  readonly #decisions = new Counts(8)
  readonly #labels = new Counts(most.few)

  record(call: SeenCall, trail: SeenTrail, end: SeenEnd): void {
    const { facts } = trail
    const server = this.#servers.of(facts.server ?? nobody)
    const pair = server.clients.of(facts.client ?? nobody)
    const method = facts.method ?? call.method
    const ofMethod = this.#methods.of(method)
    const seconds = Math.max(0, end.endedMs - call.startedMs - askedMs(call, trail, end.endedMs)) / 1000
    pair.add(end.outcome)
    ofMethod.add(end.outcome)
    ofMethod.took.observe(seconds)
    if (end.outcome === 'success' || end.outcome === 'error') pair.took.observe(seconds)
    if (end.code !== undefined) server.codes.add(end.code)
    if (facts.decision !== undefined) this.#decisions.add(facts.decision)
    if (facts.labels !== undefined) for (const label of facts.labels) this.#labels.add(label)
    this.#stepped(server, call.startedMs, trail.laps, end.endedMs)
    if (method === 'tools/call' && facts.entry !== undefined) this.#used(facts.entry, end.outcome, trail.laps)
  }

  #used(entry: string, outcome: CallOutcome, laps: readonly number[]): void {
    const tool = this.#tools.of(entry)
    tool.add(outcome)
    const until = laps[serverAt]
    if (until !== undefined) tool.took.observe((until - (laps[serverAt - 1] as number)) / 1000)
  }

  #stepped(server: Server, startedMs: number, laps: readonly number[], endedMs: number): void {
    let from = startedMs
    for (let at = 0; at < laps.length; at++) {
      const until = laps[at] as number
      server.steps[at] = (server.steps[at] as number) + (until - from) / 1000
      from = until
    }
    server.steps[laps.length] = (server.steps[laps.length] as number) + (endedMs - from) / 1000
    const until = laps[serverAt]
    if (until !== undefined) server.worked.observe((until - (laps[serverAt - 1] as number)) / 1000)
  }

  families(): Family[] {
    const servers = this.#servers.entries()
    const pairs = servers.flatMap(([server, { clients }]) =>
      clients.entries().map(([client, pair]) => ({ labels: { server, client }, pair })),
    )
    const methods = this.#methods.entries().map(([method, { counts, took }]) => ({ labels: { method }, counts, took }))
    const tools = this.#tools.entries().map(([tool_name, tool]) => ({ labels: { tool_name }, ...tool }))
    return [
      counter('gateway_requests_total', 'Requests that came in.', methods.flatMap(byStatus(statusOf))),
      counter('mcp_requests_total', 'Requests that came in.', methods.flatMap(byStatus(statusOf))),
      histogram('mcp_request_duration_seconds', 'Without what the person took.', methods, shown.request),
      counter(
        'mcp_operations_total',
        'Calls.',
        pairs.flatMap(({ labels, pair }) => byStatus()({ labels, ...pair })),
      ),
      histogram(
        'mcp_operation_duration_seconds',
        'Of calls that were answered, without what the person took.',
        pairs.map(({ labels, pair }) => ({ labels, took: pair.took })),
        shown.operation,
      ),
      counter(
        'mcp_errors_total',
        'Refusals and failures by code.',
        servers.flatMap(([server, { codes }]) =>
          codes.samples('type').map(({ labels, value }) => ({ labels: { server, ...labels }, value })),
        ),
      ),
      counter('mcp_tool_executions_total', 'Calls of tools.', tools.flatMap(byStatus())),
      histogram('mcp_tool_execution_duration_seconds', 'In the server.', tools, shown.tool),
      histogram(
        'scc_execution_duration_seconds',
        'At work in a server.',
        servers.map(([server, { worked }]) => ({ labels: { server }, took: worked })),
        shown.operation,
      ),
      counter('gatehouse_step_seconds_total', 'Time by step of the way.', servers.flatMap(byStep)),
      counter('trust_kernel_verifications_total', 'Verdicts.', this.#decisions.samples('decision')),
      counter('gatehouse_filters_fired_total', 'Labels filters gave.', this.#labels.samples('label')),
    ]
  }
}

const histogram = (
  name: string,
  help: string,
  cells: readonly { readonly labels: Sample['labels']; readonly took: Distribution }[],
  bounds: readonly number[],
): Family => ({
  name,
  help,
  type: 'histogram',
  bounds,
  samples: cells
    .filter(({ took }) => took.count > 0)
    .map(({ labels, took }) => ({ labels, value: 0, distribution: took })),
})

/** Outcomes that have the same word count together. */
const byStatus =
  (words?: Readonly<Record<CallOutcome, string>>) =>
  ({ labels, counts }: { readonly labels: Sample['labels']; readonly counts: Float64Array }): Sample[] => {
    const sums = new Map<string, number>()
    for (const outcome of callOutcomes) {
      const status = words?.[outcome] ?? outcome
      const count = counts[placeOf[outcome]] as number
      if (count > 0) sums.set(status, (sums.get(status) ?? 0) + count)
    }
    return [...sums].map(([status, value]) => ({ labels: { ...labels, status }, value }))
  }

const byStep = ([server, { steps }]: [string, Server]): Sample[] =>
  callSteps.flatMap((step, at) => {
    const value = steps[at] as number
    return value > 0 ? [{ labels: { server, step }, value }] : []
  })
