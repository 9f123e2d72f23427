import type { JsonObject } from '../../../shared/domain/json.ts'
import { frozenArguments } from './frozen-arguments.ts'

/** How many questions of a server one request may answer, and characters of the state that it keeps with the client. */
const mostResponses = 64
const longestState = 1024 * 1024

/**
 * The parameters beside arguments and name, frozen and bounded like the arguments themselves.
 * @see MCP 2026-07-28, multi round-trip requests, for `inputResponses` and `requestState`
 */
export function frozenExtra(extra: JsonObject | undefined): { value: JsonObject | undefined } | { problem: string } {
  if (extra === undefined) return { value: undefined }
  const safe = frozenArguments(extra)
  if ('problem' in safe) return { problem: safe.problem }
  const { inputResponses, requestState } = safe.value
  if (requestState !== undefined && (typeof requestState !== 'string' || requestState.length > longestState))
    return { problem: 'requestState: a text of at most 1 MB is needed' }
  if (inputResponses !== undefined && !isFewAnswers(inputResponses))
    return { problem: `inputResponses: an object of at most ${mostResponses} answers is needed` }
  return safe
}

const isFewAnswers = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length <= mostResponses
