import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Checked, Finding, Grading } from './grading.ts'
import type { Met } from './meeting.ts'
import { type Answer, objectOf, type Probe } from './probe.ts'

const message = (id: string, weight: number, title: string, advice: string): Checked => ({
  id: `messages.${id}`,
  section: 'messages',
  title,
  weight,
  advice,
})
const error = (id: string, weight: number, title: string, advice: string): Checked => ({
  id: `errors.${id}`,
  section: 'errors',
  title,
  weight,
  advice,
})

const clean = message(
  'output',
  10,
  'Writes nothing but MCP messages to its output',
  'Write logs to the error stream; only MCP messages belong on the output.',
)
const wellFormed = message(
  'format',
  8,
  'Sends well-formed JSON-RPC 2.0 and answers each request once',
  'Use an MCP SDK for the transport; every message needs "jsonrpc": "2.0" and exactly one of result and error.',
)
const textIds = message(
  'ids',
  5,
  'Gives back ids exactly as they came',
  'Repeat the request’s id unchanged, text or number.',
)
const ping = message(
  'ping',
  5,
  'Answers `ping`',
  'Answer `ping` with an empty result; clients use it to see whether the server is there.',
)
const notifications = message(
  'notifications',
  4,
  'Passes over notifications it does not know',
  'Never answer a notification, and ignore unknown ones.',
)
const cancellation = message(
  'cancellation',
  4,
  'Takes a cancellation, also of a request that is over',
  'Ignore `notifications/cancelled` for unknown requests.',
)
const malformed = error(
  'malformed',
  10,
  'Survives a line that is not JSON',
  'Answer what cannot be read with error −32700 and go on.',
)
const unknownMethod = error(
  'unknown-method',
  8,
  'Answers an unknown method with error −32601',
  'Answer unknown methods with error −32601 “Method not found”.',
)
const wrongParams = error(
  'wrong-params',
  6,
  'Answers parameters that do not fit with error −32602',
  'Check parameters against the protocol’s schemas and answer with error −32602 “Invalid params”.',
)
const shape = error(
  'shape',
  4,
  'Gives every error a whole number as code and a text as message',
  'Errors are objects with `code` (a whole number) and `message` (a text).',
)

/** How it talks when nothing is as it should be. No tool is called and nothing is read that exists. */
export async function watchManners(probe: Probe, met: Met, grading: Grading): Promise<void> {
  const errors: JsonObject[] = []
  const noted = (answer: Answer): Answer => {
    if (answer.kind === 'error') errors.push(answer.error)
    return answer
  }
  grading.note(ping, probe.modern ? 'skip' : answeredBy(await probe.request('ping')))
  const id = 'gatehouse-text-id'
  const withText = await probe.request(probe.modern ? 'server/discover' : 'ping', {}, { id })
  grading.note(
    textIds,
    withText.kind === 'silence' ? { problem: 'A request with a text as id is not answered.' } : 'pass',
  )
  grading.note(unknownMethod, coded(noted(await probe.request('gatehouse/no-such-method')), -32_601))
  grading.note(wrongParams, await withWrongParams(probe, met, noted))
  probe.notify('notifications/gatehouse_unknown')
  grading.note(notifications, await aliveAfter(probe, 'After a notification it does not know'))
  grading.note(cancellation, await cancelled(probe))
  grading.note(malformed, probe.isRemote ? 'skip' : await afterNonsense(probe))
  grading.note(shape, errors.length === 0 ? 'skip' : shaped(errors))
}

/** When everything was said. */
export function judgeMessages(probe: Probe, grading: Grading): void {
  const [garbage] = probe.garbage
  grading.note(clean, garbage === undefined ? 'pass' : { problem: `It printed “${garbage}”` })
  const [odd] = probe.oddities
  grading.note(wellFormed, odd === undefined ? 'pass' : { problem: `There: ${probe.oddities.join('; ')}.` })
}

const answeredBy = ({ kind }: Answer): Finding =>
  kind === 'result' ? 'pass' : { problem: kind === 'error' ? 'It answers with an error.' : 'It does not answer.' }

function coded(answer: Answer, code: number): Finding {
  if (answer.kind === 'silence') return { problem: 'It does not answer at all: the client waits for nothing.' }
  if (answer.kind === 'result') return { problem: 'It answers with a result as if all were well.' }
  return answer.error.code === code
    ? 'pass'
    : { problem: `It answers with code ${String(answer.error.code)}.`, partly: true }
}

/** A request that does nothing even where it is taken: a prompt without its name, or a list with a page mark that is none. */
async function withWrongParams(
  probe: Probe,
  { capabilities }: Met,
  noted: (answer: Answer) => Answer,
): Promise<Finding> {
  if (capabilities.prompts !== undefined) return coded(noted(await probe.request('prompts/get', {})), -32_602)
  const listed = capabilities.tools ? 'tools' : capabilities.resources ? 'resources' : undefined
  if (listed === undefined) return 'skip'
  const finding = coded(noted(await probe.request(`${listed}/list`, { cursor: 42 })), -32_602)
  return finding === 'pass' || finding === 'skip' ? finding : { ...finding, partly: true }
}

async function aliveAfter(probe: Probe, when: string): Promise<Finding> {
  if (await probe.isAlive()) return 'pass'
  return { problem: `${when} ${probe.problem ?? 'it answers nothing any more.'}` }
}

async function cancelled(probe: Probe): Promise<Finding> {
  probe.notify('notifications/cancelled', { requestId: 'gatehouse-never-asked', reason: 'a check' })
  return aliveAfter(probe, 'After a cancellation of a request that is over')
}

async function afterNonsense(probe: Probe): Promise<Finding> {
  const before = probe.unaddressed.length
  probe.raw('{"jsonrpc": "2.0", "method": "gatehouse')
  const alive = await aliveAfter(probe, 'After a line that is not JSON')
  if (alive !== 'pass') return alive
  const told = probe.unaddressed[before]
  if (told === undefined) return { problem: 'It survives it but says nothing.', partly: true }
  return told.code === -32_700 ? 'pass' : { problem: `It answers with code ${String(told.code)}.`, partly: true }
}

function shaped(errors: readonly JsonObject[]): Finding {
  const bad = errors.find(({ code, message: text }) => !Number.isInteger(code) || typeof text !== 'string')
  return bad ? { problem: `An error of it is ${JSON.stringify(objectOf(bad)).slice(0, 200)}.` } : 'pass'
}
