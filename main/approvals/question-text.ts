import { basename } from 'node:path'
import type { Question } from '../../shared/contract/approvals.ts'
import type { CallFacts, JudgedCall } from '../../shared/domain/call.ts'
import type { FlowFact, SourceRead } from '../../shared/domain/flow.ts'
import type { ActionKind, AllowScope } from '../../shared/domain/verdict.ts'
import { questions as en } from '../../shared/messages/en/questions.ts'
import { fill, type Language } from '../../shared/messages/messages.ts'
import { questions as ro } from '../../shared/messages/ro/questions.ts'
import type { Proposal } from './proposals.ts'
import type { NamedValues } from './shared-values.ts'

export type QuestionKey = keyof typeof en
export type Say = (key: QuestionKey, params?: Readonly<Record<string, string>>) => string
export interface OfferedScope {
  readonly scope: AllowScope
  readonly consequence: string
}

/** Sentences in the person's language; every parameter made harmless to show. */
export const sayIn =
  (language: () => Language): Say =>
  (key, params = {}) =>
    fill(
      (language() === 'ro' ? ro : en)[key],
      Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shownName(value)])),
    )

/** What could hide or turn text around: controls, bidirectional overrides, zero-width and tag characters. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu
const longestName = 120

/** A name that others chose, fit to stand in a sentence: one line, nothing invisible, the middle cut when long. */
export function shownName(name: string): string {
  const plain = name.replace(invisible, '\u{FFFD}').replace(/\s+/g, ' ').trim()
  if (plain.length <= longestName) return plain
  return `${plain.slice(0, longestName / 2)}…${plain.slice(-longestName / 2 + 1)}`
}

const fileTitles: Readonly<Record<string, QuestionKey>> = {
  write_file: 'title.write',
  edit_file: 'title.edit',
  delete_file: 'title.delete',
  create_directory: 'title.create-folder',
}

/** “Editor wants to write notes.md”. Only for Gatehouse's own file tools a plain verb; nobody else's names are believed. */
export function titleOf(call: CallFacts, say: Say): string {
  const params = { client: call.client.name, tool: call.entry.ownName, server: call.server.name }
  if (call.answers) return say('title.answer', params)
  if (call.method === 'prompts/get') return say('title.prompt', params)
  if (call.method !== 'tools/call') return say('title.read', { ...params, file: call.entry.ownName })
  const file = fileNamed(call, '/path')
  const key = isOwnFileTool(call) ? fileTitles[call.entry.ownName] : undefined
  if (key && file) return say(key, { ...params, file })
  const [source, target] = [fileNamed(call, '/source'), fileNamed(call, '/destination')]
  if (isOwnFileTool(call) && source && target) return say('title.move', { ...params, file: source, target })
  if (call.commands.length > 0) return say('title.command', params)
  const [only, ...more] = call.paths
  return only && more.length === 0
    ? say('title.file', { ...params, file: basename(only.real) })
    : say('title.use', params)
}

export const isOwnFileTool = (call: CallFacts) =>
  call.server.origin.kind === 'bundled' && call.server.origin.bundle === 'filesystem' && call.method === 'tools/call'

function fileNamed(call: CallFacts, pointer: string): string | undefined {
  const fact = call.paths.find((path) => path.pointer === pointer)
  return fact && basename(fact.real)
}

const actionRisks: Readonly<Record<ActionKind, QuestionKey | undefined>> = {
  read: undefined,
  write: 'risk.write',
  delete: 'risk.delete',
  run: 'risk.run',
  send: 'risk.send',
  unknown: 'risk.unknown',
}

/** Why it is asked: what is risky about it; where nothing is known of that, what it would do and where it would run. */
export function reasonsOf(call: JudgedCall, say: Say): string[] {
  const flow = call.flow ? [flowReason(call.flow, say)] : []
  const { risks = [] } = call.verdict
  if (risks.length > 0) return [...flow, ...risks.map(({ kind, params }) => say(`why.${kind}`, params))]
  const risk = actionRisks[call.verdict.action]
  return [
    ...flow,
    ...(risk ? [say(risk)] : []),
    ...(call.server.sandbox === 0 ? [say('risk.unconfined', { server: call.server.name })] : []),
  ]
}

/** What was read where, and where it could go: “In this session Editor read …, and then …” */
export function flowReason({ kind, destination, sources }: FlowFact, say: Say): string {
  const to = destination ?? say('flow.anywhere')
  const [first, second] = sources
  if (kind === 'secret') return say('flow.secret', { to, secret: first ? readWhere(first, say) : '' })
  return say('flow.mixed', {
    to,
    own: first ? readWhere(first, say) : '',
    foreign: second ? readWhere(second, say) : '',
  })
}

function readWhere({ server, entry, place, at }: SourceRead, say: Say): string {
  const time = new Date(at).toTimeString().slice(0, 5)
  const tool = entry.startsWith(`${server}__`) ? entry.slice(server.length + 2) : entry
  return place === undefined
    ? say('flow.read', { server, tool, time })
    : say('flow.read-at', { server, tool, time, place })
}

/** What may be offered. The command line never keeps a remembered answer (INTERFACES, "The CLI"). */
export function scopesOf(call: JudgedCall, say: Say, proposals: readonly Proposal[] = []): OfferedScope[] {
  const params = { client: call.client.name, tool: call.entry.ownName, server: call.server.name }
  const once: OfferedScope = { scope: 'once', consequence: say('scope.once') }
  if (call.session.door === 'cli' || call.session.door === 'window') return [once]
  if (call.verdict.risk === 'critical') return [once]
  if (call.flow) {
    const key = call.flow.within ? 'scope.session-flow-within' : 'scope.session-flow'
    return [once, { scope: 'session', consequence: say(key, params) }]
  }
  return [
    once,
    { scope: 'session', consequence: say('scope.session', params) },
    { scope: 'arguments', consequence: say('scope.arguments', params) },
    ...proposals.map((proposal) => proposed(proposal, params, say)),
    { scope: 'tool', consequence: say(toolConsequence(call), params) },
  ]
}

function proposed(proposal: Proposal, params: Readonly<Record<string, string>>, say: Say): OfferedScope {
  const { scope } = proposal
  const count = String(proposal.count)
  const where: Record<string, string> =
    proposal.scope === 'folder'
      ? { folder: proposal.folder }
      : proposal.scope === 'host'
        ? { host: proposal.host }
        : { values: valueWords(proposal.values, say) }
  return { scope, consequence: say(`scope.${scope}`, { ...params, ...where, count }) }
}

function valueWords(values: NamedValues, say: Say): string {
  return Object.entries(values)
    .map(([pointer, value]) => say('scope.value', { name: pointer.slice(1), value }))
    .join(', ')
}

function toolConsequence(call: JudgedCall): QuestionKey {
  if (call.verdict.action === 'run') return 'scope.tool-run'
  if (call.server.sandbox === 0) return 'scope.tool-unconfined'
  return call.verdict.action === 'unknown' ? 'scope.tool-unknown' : 'scope.tool'
}

type CallSubject = Extract<Question['subject'], { kind: 'call' }>

/** The subject of a call's question; `arguments` are exactly what would be sent. */
export function subjectOf(call: CallFacts): CallSubject {
  return {
    kind: 'call',
    server: call.server.name,
    entry: call.entry.name,
    tool: call.entry.ownName,
    arguments: call.arguments as CallSubject['arguments'],
    ...(call.extra?.inputResponses ? { answers: call.extra.inputResponses as CallSubject['arguments'] } : {}),
    commands: [...call.commands],
    urls: [...call.urls],
    paths: call.paths.map((path) => path.real),
  }
}
