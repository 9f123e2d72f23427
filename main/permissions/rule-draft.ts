import type { z } from 'zod'
import type { grant as contractGrant } from '../../shared/contract/permissions.ts'
import type { ruleDraft } from '../../shared/contract/rules.ts'
import type { EpochMs, GrantId } from '../../shared/domain/ids.ts'
import { neverHolds, type RuleConditions } from '../../shared/domain/rule-conditions.ts'
import type { Effect } from '../../shared/domain/verdict.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { Folders } from './allowances.ts'
import type { Grant, NewGrant } from './grant.ts'

export type RuleDraft = z.output<typeof ruleDraft>
type ContractGrant = z.input<typeof contractGrant> & { readonly id: GrantId }

/** @throws input.invalid for an end in the past, hours that never come, a folder that is none, or a budget for what is not allowed */
export function newRule(effect: Effect, draft: RuleDraft, folders: Folders, now: EpochMs): NewGrant {
  if (draft.until !== undefined && draft.until <= now) throw inputInvalid('The end of the rule lies in the past.')
  const conditions = present(draft.conditions ?? {})
  if (effect !== 'allow' && conditions?.budget !== undefined)
    throw inputInvalid('Only a rule that allows can be used up.')
  const hours = conditions?.hours
  if (hours !== undefined && neverHolds(hours)) throw inputInvalid(noHours(hours.from))
  return {
    effect,
    scope: 'rule',
    client: draft.client,
    tool: draft.tool,
    ...(draft.path === undefined ? {} : { path: realFolder(draft.path, folders) }),
    ...(conditions === undefined ? {} : { conditions }),
    ...(draft.until === undefined ? {} : { expiresAt: draft.until }),
    origin: 'person',
  }
}

function noHours(minute: number): string {
  const time = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return `From ${time} to ${time} is no time at all, so the rule would never hold. Name two different times, or leave the hours out for the whole day.`
}

/** Without what was left out; undefined when nothing is left. */
function present(conditions: NonNullable<RuleDraft['conditions']>): RuleConditions | undefined {
  const { arguments: patterns, budget, ...others } = conditions
  const kept = {
    ...others,
    ...(patterns !== undefined && Object.keys(patterns).length > 0 ? { arguments: patterns } : {}),
    ...(budget?.calls === undefined && budget?.bytes === undefined ? {} : { budget }),
  }
  const given = Object.entries(kept).filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : (Object.fromEntries(given) as RuleConditions)
}

function realFolder(path: string, folders: Folders): string {
  try {
    return folders.real(path)
  } catch (error) {
    throw inputInvalid(`${path} is not a folder that can be used: ${error instanceof Error ? error.message : ''}`)
  }
}

export const toContract = (grant: Grant, sentence: string, cedar: string): ContractGrant => ({
  id: grant.id,
  effect: grant.effect,
  client: grant.client,
  tool: grant.tool,
  ...(grant.path === undefined ? {} : { path: grant.path }),
  scope: grant.scope,
  ...(grant.conditions === undefined
    ? {}
    : { conditions: grant.conditions as unknown as NonNullable<ContractGrant['conditions']> }),
  sentence,
  cedar,
  createdAt: grant.createdAt,
  ...(grant.expiresAt === undefined ? {} : { expiresAt: grant.expiresAt }),
  origin: grant.origin,
})
