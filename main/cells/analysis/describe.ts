/**
 * Reads what a server says of itself (names, descriptions, parameters, annotations, instructions) as a model would, and
 * tells what a description has no business containing. Pure, bounded in time and size; it decides nothing.
 */
import type { EntryKind } from '../../../shared/domain/catalog.ts'
import { byWeight, type Finding } from '../../../shared/domain/finding.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import { encodedText } from './encoded-text.ts'
import { hiddenText } from './hidden-text.ts'
import { mixedLetters } from './mixed-letters.ts'
import { modelInstructions } from './model-instructions.ts'
import { openSchema } from './open-schema.ts'
import { steeredTools } from './steered-tools.ts'
import { mostCharacters, type PlacedText, textsOf } from './texts.ts'

const mostFindings = 20

export function describe(kind: EntryKind, definition: JsonObject): Finding[] {
  const { texts, isWhole } = textsOf(definition)
  const long: Finding[] = isWhole
    ? []
    : [{ place: '', rule: 'too-long', severity: 'high', detail: `more than ${mostCharacters} characters` }]
  const schema = kind === 'tool' ? openSchema(definition) : []
  return byWeight([...long, ...texts.flatMap(inText), ...schema]).slice(0, mostFindings)
}

/** What a server says about itself as a whole. */
export const describeInstructions = (text: string): Finding[] =>
  byWeight(inText({ place: 'instructions', text: text.slice(0, mostCharacters), isName: false }))

/** @param others names of other servers' tools, none of which this server has itself */
export const steers = (definition: JsonObject, others: ReadonlySet<string>): Finding[] =>
  textsOf(definition)
    .texts.flatMap((text) => steeredTools(text, others))
    .slice(0, mostFindings)

const inText = (text: PlacedText): Finding[] => [
  ...hiddenText(text),
  ...mixedLetters(text),
  ...modelInstructions(text),
  ...encodedText(text),
]
