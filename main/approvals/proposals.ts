import { dirname, sep } from 'node:path'
import type { JudgedCall } from '../../shared/domain/call.ts'
import { folderOf, hostsOf, unknownPlace } from '../../shared/domain/places.ts'
import { isAtLeast } from '../../shared/domain/verdict.ts'
import type { AnswersSoFar } from './answer-store.ts'
import { type MarkValue, type NamedValues, namedValues } from './shared-values.ts'

/** A wider answer that is offered because narrower ones were given often enough. */
export type Proposal =
  | { readonly scope: 'folder'; readonly folder: string; readonly count: number }
  | { readonly scope: 'host'; readonly host: string; readonly count: number }
  | { readonly scope: 'values'; readonly values: NamedValues; readonly count: number }

const enough = 3

/**
 * After three times "yes" in one folder: always in this folder; to one host: always for this host; with the same names
 * among its arguments: always with these. Never for what is risky, deletes or runs something, and never where the person
 * once said no.
 */
export function proposalsFor(call: JudgedCall, { places }: AnswersSoFar, mark?: MarkValue): readonly Proposal[] {
  const { risk, action } = call.verdict
  if (isAtLeast(risk, 'high') || action === 'delete' || action === 'run' || call.flow !== undefined) return []
  return [...folderProposal(call, places), ...hostProposal(call, places), ...valuesProposal(call, places, mark)]
}

function folderProposal({ paths }: JudgedCall, places: AnswersSoFar['places']): Proposal[] {
  const here = folderOf(paths)
  const allowed = paths.map(({ allowedBy }) => allowedBy?.path)
  const top = allowed[0]
  if (here === undefined || top === undefined || allowed.some((path) => path !== top)) return []
  const within = (folder: string) => [...places].filter(([place]) => isInside(place, folder)).map(([, sums]) => sums)
  for (let folder = here; isInside(folder, top); folder = dirname(folder)) {
    const sums = within(folder)
    if (sums.some(({ denied }) => denied > 0)) return []
    const count = sums.reduce((sum, { allowed }) => sum + allowed, 0)
    if (count >= enough) return [{ scope: 'folder', folder, count }]
    if (folder === dirname(folder)) break
  }
  return []
}

function hostProposal({ urls }: JudgedCall, places: AnswersSoFar['places']): Proposal[] {
  const [host, ...others] = hostsOf(urls)
  const sums = host === undefined ? undefined : places.get(host)
  if (host === undefined || host === unknownPlace || others.length > 0 || sums === undefined || sums.denied > 0)
    return []
  return sums.allowed >= enough ? [{ scope: 'host', host, count: sums.allowed }] : []
}

/** All that the answers share, and no less; where that is every argument, “exactly this call” says it already. */
function valuesProposal(call: JudgedCall, places: AnswersSoFar['places'], mark: MarkValue | undefined): Proposal[] {
  const { entry } = call
  if (mark === undefined || entry.kind !== 'tool') return []
  const shared: Record<string, string> = {}
  let least = Number.POSITIVE_INFINITY
  for (const [pointer, value] of Object.entries(namedValues(call))) {
    const sums = places.get(mark(entry.name, entry.pin, pointer, value))
    if (sums && sums.denied > 0) return []
    if (sums === undefined || sums.allowed < enough) continue
    shared[pointer] = value
    least = Math.min(least, sums.allowed)
  }
  const count = Object.keys(shared).length
  if (count === 0 || count === Object.keys(call.arguments).length) return []
  return [{ scope: 'values', values: shared, count: least }]
}

const isInside = (path: string, folder: string) =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
