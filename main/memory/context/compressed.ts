import type { ContentLabel } from '../../../shared/domain/flow.ts'
import type { Concept } from '../../../shared/domain/memory.ts'
import type { CompressedContext, SessionContext } from '../../../shared/domain/session-context.ts'

type Known = Pick<Concept, 'name' | 'type' | 'description' | 'observations' | 'labels'>

/**
 * What is known of some concepts in fewer characters: one fact of each, then the second of each, as long as there is room;
 * nothing twice.
 *
 * @param concepts the most important first
 * @param charsAtMost of summary and facts
 */
export function compressed(
  concepts: readonly Known[],
  context: Pick<SessionContext, 'goals' | 'task' | 'labels'> | undefined,
  charsAtMost: number,
): CompressedContext {
  const summary = summaryOf(concepts, context).slice(0, charsAtMost)
  let room = charsAtMost - summary.length
  const facts: string[] = []
  const said = new Set<string>()
  const lists = concepts.map(factsOf)
  for (let turn = 0; lists.some((list) => turn < list.length); turn++)
    for (const fact of lists.flatMap((list) => list[turn] ?? [])) {
      if (said.has(fact.toLowerCase()) || fact.length > room) continue
      said.add(fact.toLowerCase())
      facts.push(fact)
      room -= fact.length
    }
  const all = lists.flat().reduce((sum, fact) => sum + fact.length, summary.length)
  const kept = facts.reduce((sum, fact) => sum + fact.length, summary.length)
  const labels = new Set<ContentLabel>([...concepts.flatMap((one) => one.labels), ...(context?.labels ?? [])])
  return {
    summary,
    entities: concepts.map(({ name, type }) => ({ name, type })),
    facts,
    ratio: all === 0 ? 1 : Math.round((kept / all) * 1000) / 1000,
    labels: [...labels],
  }
}

const namedAtMost = 10

function summaryOf(concepts: readonly Known[], context: Pick<SessionContext, 'goals' | 'task'> | undefined): string {
  const named = concepts.slice(0, namedAtMost).map(({ name, type }) => `${name} (${type})`)
  const more = concepts.length - named.length
  return [
    context?.task ? `Task: ${context.task}.` : '',
    context && context.goals.length > 0 ? `Goals: ${context.goals.join('; ')}.` : '',
    named.length > 0 ? `About: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.` : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}

const factsOf = ({ name, description, observations }: Known): string[] =>
  [description, ...observations.map(({ text }) => text)].filter((text) => text !== '').map((text) => `${name}: ${text}`)
