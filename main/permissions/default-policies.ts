import { endedFoldersRule } from '../../shared/domain/folder-rights.ts'
import { type Preset, presets } from '../../shared/domain/preset.ts'
import { isFace, type ServerConfig } from '../../shared/domain/server.ts'
import type { Effect } from '../../shared/domain/verdict.ts'
import { isBundledFilesystem } from './classify-action.ts'
import type { PolicyAttribute } from './policy-schema.ts'

/** A rule Gatehouse comes with, as the person reads it and as Cedar. */
export interface DefaultPolicy {
  readonly id: string
  readonly effect: Effect
  readonly sentence: string
  readonly cedar: string
  /** Attributes of the context it looks at. */
  readonly reads: readonly PolicyAttribute[]
  /** Left out: in each. */
  readonly presets?: readonly Preset[]
  /** Whether it could hold for any call of this server; one that could not is left out of the server's slice. */
  readonly concerns?: (server: ServerConfig) => boolean
  /** It holds for no plain call: of a tool, nothing was allowed for it, and it is no guarded flow. @see isPlain */
  readonly idle?: true
}

const isOwn = (server: ServerConfig) => server.name === 'gatehouse'
const hasFolders = (server: ServerConfig) => server.allowedPaths.length > 0 || isBundledFilesystem(server)
const both = 'action in [Action::"call", Action::"callUnattended"]'

/**
 * In Cedar a forbid beats every permit, and what no policy permits is denied. `call` decides whether something may happen
 * at all, `callUnattended` whether it may happen without a question. They never change while the app runs: that they fit
 * the schema is tried by a test, not at each start.
 */
export const allPolicies: readonly DefaultPolicy[] = [
  {
    id: 'outside-folders',
    effect: 'deny',
    sentence: 'nothing outside the allowed folders',
    cedar: `forbid (principal, ${both}, resource) when { context.paths == "outside" };`,
    reads: ['paths'],
    concerns: hasFolders,
  },
  {
    id: 'read-only-folders',
    effect: 'deny',
    sentence: 'no changes in folders that may only be read',
    cedar: `forbid (principal, ${both}, resource) when { context.paths == "read-only" };`,
    reads: ['paths'],
    concerns: hasFolders,
  },
  {
    id: 'folder-rights',
    effect: 'deny',
    sentence: 'nothing that the rights of a folder leave out',
    cedar: `forbid (principal, ${both}, resource) when { context.paths == "no-right" };`,
    reads: ['paths'],
    concerns: ({ allowedPaths }) => allowedPaths.some(({ access }) => typeof access !== 'string'),
  },
  {
    id: 'ended-folders',
    effect: 'deny',
    sentence: endedFoldersRule,
    cedar: `forbid (principal, ${both}, resource) when { context.paths == "over" };`,
    reads: ['paths'],
    concerns: ({ allowedPaths }) => allowedPaths.some(({ until, ended }) => until !== undefined || ended === true),
  },
  {
    id: 'guarded-flow',
    effect: 'ask',
    sentence: 'sending out what may be private after untrusted content was read asks, whatever was allowed',
    cedar: 'forbid (principal, action == Action::"callUnattended", resource) when { context.flow != "none" };',
    reads: ['flow'],
    concerns: (server) => !isOwn(server),
    idle: true,
  },
  {
    id: 'own-tools',
    effect: 'allow',
    sentence: 'Gatehouse’s own tools',
    cedar: `permit (principal, ${both}, resource) when { context.own };`,
    reads: ['own'],
    concerns: isOwn,
  },
  {
    id: 'reads-inside-folders',
    effect: 'allow',
    sentence: 'reads inside allowed folders',
    cedar: `permit (principal, ${both}, resource) when { context.known && context.action == "read" && (context.paths == "inside" || context.paths == "none") };`,
    reads: ['known', 'action', 'paths'],
    concerns: isBundledFilesystem,
  },
  {
    id: 'memory-reads',
    effect: 'allow',
    sentence: 'recalling from the memory of the workspace',
    cedar: `permit (principal, ${both}, resource) when { context.memory && context.action == "read" };`,
    reads: ['memory', 'action'],
    concerns: isFace,
  },
  {
    id: 'memory-writes',
    effect: 'allow',
    sentence: 'remembering, which can be undone',
    cedar: `permit (principal, ${both}, resource) when { context.memory && context.action == "write" };`,
    reads: ['memory', 'action'],
    presets: ['trusting'],
    concerns: isFace,
  },
  {
    id: 'trusted-servers',
    effect: 'allow',
    sentence: 'servers you trusted',
    cedar: `permit (principal, ${both}, resource) when { context.trusted };`,
    reads: ['trusted'],
    presets: ['balanced', 'trusting'],
    concerns: ({ trusted }) => trusted,
  },
  {
    id: 'trusted-reads',
    effect: 'allow',
    sentence: 'what servers you trusted only read',
    cedar: `permit (principal, ${both}, resource) when { context.trusted && context.action == "read" };`,
    reads: ['trusted', 'action'],
    presets: ['careful'],
    concerns: ({ trusted }) => trusted,
  },
  {
    id: 'accepted-content',
    effect: 'allow',
    sentence: 'resources and prompts you accepted, of confined servers',
    cedar: `permit (principal, ${both}, resource) when { context.content == "pinned" && context.sandbox >= 1 };`,
    reads: ['content', 'sandbox'],
    presets: ['balanced', 'trusting'],
    concerns: ({ sandbox }) => sandbox >= 1,
    idle: true,
  },
  {
    id: 'template-content',
    effect: 'allow',
    sentence: 'addresses that fit a template you accepted, of confined servers',
    cedar: `permit (principal, ${both}, resource) when { context.content == "template" && context.sandbox >= 1 };`,
    reads: ['content', 'sandbox'],
    presets: ['trusting'],
    concerns: ({ sandbox }) => sandbox >= 1,
    idle: true,
  },
  {
    id: 'changes-inside-folders',
    effect: 'allow',
    sentence: 'changes of files inside allowed folders, which can be undone',
    cedar: `permit (principal, ${both}, resource) when { context.known && context.action == "write" && context.paths == "inside" };`,
    reads: ['known', 'action', 'paths'],
    presets: ['trusting'],
    concerns: isBundledFilesystem,
  },
  {
    id: 'granted',
    effect: 'allow',
    sentence: 'what you allowed',
    cedar: `permit (principal, ${both}, resource) when { context.granted > 0 };`,
    reads: ['granted'],
    idle: true,
  },
  {
    id: 'ask-otherwise',
    effect: 'ask',
    sentence: 'everything that writes, deletes, runs, sends or is unknown asks',
    cedar: 'permit (principal, action == Action::"call", resource);',
    reads: [],
  },
]

export const policiesOf = (preset: Preset): readonly DefaultPolicy[] =>
  allPolicies.filter(({ presets: of = presets }) => of.includes(preset))

/** What a switch between presets takes away and adds. */
export function presetChange(from: Preset, to: Preset) {
  const [before, after] = [policiesOf(from), policiesOf(to)]
  return {
    removed: before.filter((policy) => !after.includes(policy)),
    added: after.filter((policy) => !before.includes(policy)),
  }
}
