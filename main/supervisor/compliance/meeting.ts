import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import { modernRevision } from '../handshake.ts'
import type { Checked, Finding, Grading } from './grading.ts'
import { type Answer, objectOf, type Probe } from './probe.ts'

const newestLegacy = '2025-11-25'
const knownRevisions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', modernRevision]
const impossible = '1999-01-01'

export interface Met {
  readonly protocols: readonly string[]
  readonly capabilities: JsonObject
}

const starts: Checked = {
  id: 'initialization.answers',
  section: 'initialization',
  title: 'Introduces itself when it is started',
  weight: 30,
  advice:
    'Answer `initialize` (up to 2025-11-25) or `server/discover` (from 2026-07-28) on the output, soon after the start.',
}
const complete: Checked = {
  id: 'initialization.complete',
  section: 'initialization',
  title: 'Says its revision, its capabilities and its name and version',
  weight: 10,
  advice:
    'Send `protocolVersion`, `capabilities` and `serverInfo` with name and version in the answer to `initialize`.',
}
const silentBefore: Checked = {
  id: 'initialization.asks-nothing',
  section: 'initialization',
  title: 'Asks a client nothing that the client did not say it can do',
  weight: 5,
  advice: 'Look at the client’s capabilities before sending sampling, elicitation or roots requests.',
}
const discovers: Checked = {
  id: 'negotiation.discover',
  section: 'negotiation',
  title: 'Answers `server/discover`, or says that it does not know it',
  weight: 6,
  advice: 'Answer unknown methods with error −32601 at once; newer clients begin with `server/discover`.',
}
const disagrees: Checked = {
  id: 'negotiation.unknown-revision',
  section: 'negotiation',
  title: 'Offers a revision of its own when a client names one it does not speak',
  weight: 8,
  advice: 'Answer an unknown `protocolVersion` with one the server speaks, or with an error; never repeat it.',
}
const newest: Checked = {
  id: 'negotiation.current',
  section: 'negotiation',
  title: `Speaks ${newestLegacy} or newer`,
  weight: 4,
  advice: `Update the MCP SDK of the server: ${newestLegacy} is the oldest revision with all the features clients use today.`,
}

/** Introductions, as a client would make them. @returns undefined when there is no talking with it */
export async function meet(probe: Probe, grading: Grading, patienceMs: number): Promise<Met | undefined> {
  const first = await introduced(probe, newestLegacy, patienceMs)
  const discovered = await discoveredBy(probe)
  const met = first.kind === 'result' ? metEarlier(first.result, discovered) : metModern(probe, discovered)
  if (!met) {
    grading.note(starts, { problem: whyNot(probe, first) })
    return undefined
  }
  grading.note(starts, 'pass')
  grading.note(complete, first.kind === 'result' ? completeness(first.result) : 'pass')
  grading.note(discovers, discovery(discovered))
  const isCurrent = met.protocols.some((protocol) => protocol >= newestLegacy)
  grading.note(newest, isCurrent ? 'pass' : { problem: `It speaks ${met.protocols.join(', ')}.`, partly: true })
  if (first.kind === 'result') probe.notify('notifications/initialized')
  return met
}

/** After everything else was asked. */
export function judgeQuestions(probe: Probe, grading: Grading): void {
  const [asked] = probe.asked
  grading.note(
    silentBefore,
    asked === undefined ? 'pass' : { problem: `It sent ${asked} to a client that cannot do it.` },
  )
}

/** In a process of its own: a server is met only once. */
export async function disagree(probe: Probe, grading: Grading, modern: boolean, patienceMs: number): Promise<void> {
  grading.note(disagrees, await disagreement(probe, modern, patienceMs))
}

async function disagreement(probe: Probe, modern: boolean, patienceMs: number): Promise<Finding> {
  const answer = modern ? await discoveredBy(probe, impossible) : await introduced(probe, impossible, patienceMs)
  if (answer.kind === 'silence') return { problem: 'It does not answer a client of an unknown revision.' }
  if (answer.kind === 'error') return 'pass'
  if (modern) return { problem: 'It answers a request of a revision that does not exist.', partly: true }
  const { protocolVersion } = answer.result
  if (protocolVersion === impossible) return { problem: `It claims to speak ${impossible}, which does not exist.` }
  return isKnown(protocolVersion) ? 'pass' : { problem: `It offers ${told(protocolVersion)}, which is no revision.` }
}

const introduced = (probe: Probe, protocolVersion: string, ms: number) =>
  probe.request(
    'initialize',
    { protocolVersion, capabilities: {}, clientInfo: { name: 'gatehouse', version: '1.0.0' } },
    { ms },
  )

function discoveredBy(probe: Probe, revision = modernRevision): Promise<Answer> {
  const prefix = 'io.modelcontextprotocol'
  const clientInfo = { name: 'gatehouse', version: '1.0.0' }
  const _meta = {
    [`${prefix}/protocolVersion`]: revision,
    [`${prefix}/clientInfo`]: clientInfo,
    [`${prefix}/clientCapabilities`]: {},
  }
  return probe.request('server/discover', { _meta })
}

function metEarlier({ protocolVersion, capabilities }: JsonObject, discovered: Answer): Met {
  const newer = discovered.kind === 'result' ? versionsIn(discovered.result) : []
  return { protocols: [...new Set([told(protocolVersion), ...newer])], capabilities: objectOf(capabilities) }
}

function metModern(probe: Probe, discovered: Answer): Met | undefined {
  if (discovered.kind !== 'result' || !versionsIn(discovered.result).includes(modernRevision)) return undefined
  probe.modern = true
  return { protocols: versionsIn(discovered.result), capabilities: objectOf(discovered.result.capabilities) }
}

function whyNot(probe: Probe, first: Answer): string {
  if (probe.problem !== undefined) return `Instead ${probe.problem}`
  if (probe.garbage.length > 0) return `It printed text that is not MCP: “${probe.garbage[0]}”`
  return first.kind === 'error' ? `It refused: ${told(first.error.message)}` : 'It did not answer in time.'
}

function completeness({ protocolVersion, capabilities, serverInfo }: JsonObject): Finding {
  const { name, version } = objectOf(serverInfo)
  const missing = [
    ...(isKnown(protocolVersion) ? [] : ['a known protocolVersion']),
    ...(isObject(capabilities) ? [] : ['capabilities']),
    ...(typeof name === 'string' && name !== '' ? [] : ['serverInfo.name']),
    ...(typeof version === 'string' && version !== '' ? [] : ['serverInfo.version']),
  ]
  return missing.length === 0 ? 'pass' : { problem: `Its introduction lacks ${missing.join(', ')}.` }
}

function discovery(discovered: Answer): Finding {
  if (discovered.kind === 'silence') return { problem: 'It does not answer it at all; newer clients wait for nothing.' }
  if (discovered.kind === 'result')
    return versionsIn(discovered.result).length > 0 ? 'pass' : { problem: 'Its answer names no `supportedVersions`.' }
  const { code } = discovered.error
  return Number.isInteger(code) ? 'pass' : { problem: 'Its error has no code.', partly: true }
}

const versionsIn = ({ supportedVersions }: JsonObject): string[] =>
  Array.isArray(supportedVersions) ? supportedVersions.filter((one) => typeof one === 'string') : []
const isKnown = (value: Json | undefined) => typeof value === 'string' && knownRevisions.includes(value)
const isObject = (value: Json | undefined) => typeof value === 'object' && value !== null && !Array.isArray(value)
const told = (value: Json | undefined) => (typeof value === 'string' ? value.slice(0, 100) : 'nothing that can be read')
