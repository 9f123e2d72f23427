import type { Effect } from '../../shared/domain/verdict.ts'

/** A rule Gatehouse comes with, as the person reads it and as Cedar. */
export interface DefaultPolicy {
  readonly id: string
  readonly effect: Effect
  readonly sentence: string
  readonly cedar: string
}

const both = 'action in [Action::"call", Action::"callUnattended"]'

/**
 * In Cedar a forbid beats every permit, and what no policy permits is denied. `call` decides whether something may happen
 * at all, `callUnattended` whether it may happen without a question.
 */
export const defaultPolicies: readonly DefaultPolicy[] = [
  {
    id: 'outside-folders',
    effect: 'deny',
    sentence: 'nothing outside the allowed folders',
    cedar: `forbid (principal, ${both}, resource) when { context.paths == "outside" };`,
  },
  {
    id: 'read-only-folders',
    effect: 'deny',
    sentence: 'no changes in folders that may only be read',
    cedar: `forbid (principal, ${both}, resource) when { context.paths == "read-only" };`,
  },
  {
    id: 'own-tools',
    effect: 'allow',
    sentence: 'Gatehouse’s own tools',
    cedar: `permit (principal, ${both}, resource) when { context.own };`,
  },
  {
    id: 'reads-inside-folders',
    effect: 'allow',
    sentence: 'reads inside allowed folders',
    cedar: `permit (principal, ${both}, resource) when { context.known && context.action == "read" && (context.paths == "inside" || context.paths == "none") };`,
  },
  {
    id: 'trusted-servers',
    effect: 'allow',
    sentence: 'servers you trusted',
    cedar: `permit (principal, ${both}, resource) when { context.trusted };`,
  },
  {
    id: 'accepted-content',
    effect: 'allow',
    sentence: 'resources and prompts you accepted, of confined servers',
    cedar: `permit (principal, ${both}, resource) when { context.content == "pinned" && context.sandbox >= 1 };`,
  },
  {
    id: 'granted',
    effect: 'allow',
    sentence: 'what you allowed',
    cedar: `permit (principal, ${both}, resource) when { context.granted > 0 };`,
  },
  {
    id: 'ask-otherwise',
    effect: 'ask',
    sentence: 'everything that writes, deletes, runs, sends or is unknown asks',
    cedar: 'permit (principal, action == Action::"call", resource);',
  },
]
