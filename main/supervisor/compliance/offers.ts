import type { ComplianceSection } from '../../../shared/contract/compliance.ts'
import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import { SchemaCompiler } from '../../catalog/argument-schema.ts'
import type { Checked, Finding, Grading } from './grading.ts'
import type { Met } from './meeting.ts'
import { objectOf, type Probe } from './probe.ts'

const mostPages = 50
const mostItems = 5_000
const toolName = /^[A-Za-z0-9_.\-/]{1,128}$/

interface Kind {
  readonly section: Extract<ComplianceSection, 'tools' | 'resources' | 'prompts'>
  readonly method: string
  readonly member: string
  /** The member that tells entries apart. */
  readonly key: string
}
const kinds: readonly Kind[] = [
  { section: 'tools', method: 'tools/list', member: 'tools', key: 'name' },
  { section: 'resources', method: 'resources/list', member: 'resources', key: 'uri' },
  { section: 'prompts', method: 'prompts/list', member: 'prompts', key: 'name' },
]

type Items = readonly JsonObject[]
interface Rule extends Checked {
  readonly judge: (items: Items) => Finding
}

const rule = (
  section: Kind['section'],
  id: string,
  [weight, title, advice]: readonly [number, string, string],
  judge: Rule['judge'],
): Rule => ({ id: `${section}.${id}`, section, weight, title, advice, judge })

const rules: readonly Rule[] = [
  rule(
    'tools',
    'names',
    [
      6,
      'Names tools with letters, digits, “_”, “-”, “.” and “/” only',
      'Name tools with 1 to 128 of these characters; many clients refuse others.',
    ],
    (items) => first(items, ({ name }) => typeof name === 'string' && toolName.test(name), 'is not named so'),
  ),
  rule(
    'tools',
    'schemas',
    [
      10,
      'Describes the arguments of every tool by a valid JSON Schema of type object',
      'Give every tool an `inputSchema` of type “object” that is valid JSON Schema.',
    ],
    (items) => first(items, hasInputSchema, 'has no usable inputSchema'),
  ),
  rule(
    'tools',
    'output-schemas',
    [
      3,
      'Describes structured results by a valid JSON Schema',
      'Correct the `outputSchema`; clients check results against it.',
    ],
    (items) => {
      const some = items.filter(({ outputSchema }) => outputSchema !== undefined)
      return some.length === 0
        ? 'skip'
        : first(some, ({ outputSchema }) => isSchema(outputSchema), 'has an outputSchema that is none')
    },
  ),
  rule(
    'tools',
    'descriptions',
    [6, 'Describes every tool', 'Describe each tool in a sentence or two: a model chooses by it.'],
    (items) =>
      first(
        items,
        ({ description }) => typeof description === 'string' && description.trim() !== '',
        'has no description',
        true,
      ),
  ),
  rule(
    'tools',
    'annotations',
    [
      3,
      'Says of every tool whether it only reads or may destroy',
      'Add `annotations` with `readOnlyHint` and `destructiveHint`, so that people can be asked less.',
    ],
    (items) =>
      first(items, ({ annotations }) => Object.keys(objectOf(annotations)).length > 0, 'has no annotations', true),
  ),
  rule(
    'resources',
    'uris',
    [6, 'Gives every resource an absolute URI', 'Use absolute URIs with a scheme, such as file:///… or notes://….'],
    (items) => first(items, ({ uri }) => typeof uri === 'string' && URL.canParse(uri), 'has no absolute URI'),
  ),
  rule(
    'resources',
    'names',
    [3, 'Names every resource', 'Give every resource a `name` (and a `title` people read).'],
    (items) => first(items, ({ name }) => typeof name === 'string' && name !== '', 'has no name'),
  ),
  rule(
    'prompts',
    'arguments',
    [
      5,
      'Describes the arguments of every prompt as a list of names',
      'Prompt `arguments` are a list of objects with a `name`.',
    ],
    (items) => first(items, hasNamedArguments, 'has arguments that are no list of names'),
  ),
]

/** Everything it says it offers: lists, their pages, and what stands in them. Nothing of it is used. */
export async function lookAtOffers(probe: Probe, met: Met, grading: Grading): Promise<void> {
  for (const kind of kinds) await lookAt(kind, probe, met, grading)
}

async function lookAt(kind: Kind, probe: Probe, { capabilities }: Met, grading: Grading): Promise<void> {
  const lists = listRule(kind)
  const isDeclared = capabilities[kind.section] !== undefined
  const listed = isDeclared ? await listOf(kind, probe) : await undeclared(kind, probe)
  if (!('items' in listed)) {
    grading.note(lists, listed.finding)
    return
  }
  grading.note(lists, 'pass')
  grading.note(cursorRule(kind), await badCursor(kind, probe))
  grading.note(uniqueRule(kind), unique(listed.items, kind.key))
  for (const { judge, ...checked } of rules)
    if (checked.section === kind.section)
      grading.note(checked, listed.items.length === 0 ? 'skip' : judge(listed.items))
}

const listRule = ({ section, method }: Kind): Checked => ({
  id: `${section}.list`,
  section,
  title: `Lists its ${section}, page by page to an end, if and only if it says that it has some`,
  weight: 10,
  advice: `Answer \`${method}\` with a list, and declare the capability “${section}” exactly when there is one.`,
})
const cursorRule = ({ section, method }: Kind): Checked => ({
  id: `${section}.cursor`,
  section,
  title: 'Refuses a page mark it never gave out',
  weight: 2,
  advice: `Answer \`${method}\` with an unknown cursor by error −32602.`,
})
const uniqueRule = ({ section, key }: Kind): Checked => ({
  id: `${section}.unique`,
  section,
  title: `Gives every entry a ${key} of its own`,
  weight: 6,
  advice: `Two entries with the same ${key} cannot be told apart; rename one.`,
})
/** A list nobody announced: error −32601, or none. */
async function undeclared(kind: Kind, probe: Probe): Promise<{ finding: Finding }> {
  return { finding: await unannounced(kind, probe) }
}

async function unannounced({ method, member }: Kind, probe: Probe): Promise<Finding> {
  const answer = await probe.request(method)
  if (answer.kind === 'silence') return { problem: `It does not answer ${method} at all.` }
  if (answer.kind === 'error') return 'skip'
  const items = answer.result[member]
  return Array.isArray(items) && items.length > 0
    ? {
        problem: `It lists ${items.length} although it does not declare the capability; clients will not look.`,
        partly: true,
      }
    : 'skip'
}

async function listOf(kind: Kind, probe: Probe): Promise<{ items: Items } | { finding: Finding }> {
  const items: JsonObject[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await probe.request(kind.method, cursor === undefined ? {} : { cursor })
    if (answer.kind !== 'result') return { finding: { problem: whyNoList(kind, answer) } }
    const found = answer.result[kind.member]
    if (!Array.isArray(found))
      return { finding: { problem: `Its answer to ${kind.method} has no list “${kind.member}”.` } }
    items.push(...found.map((one: Json) => objectOf(one)))
    const next = answer.result.nextCursor
    if (typeof next !== 'string') return { items }
    if (next === cursor || items.length > mostItems) break
    cursor = next
  }
  return { finding: { problem: `Its ${kind.method} does not come to an end.` } }
}

const whyNoList = ({ method }: Kind, answer: { kind: 'silence' } | { kind: 'error'; error: JsonObject }) =>
  answer.kind === 'silence'
    ? `It does not answer ${method}.`
    : `It refuses ${method}: ${String(answer.error.message).slice(0, 200)}`

async function badCursor({ method }: Kind, probe: Probe): Promise<Finding> {
  const answer = await probe.request(method, { cursor: 'gatehouse-no-such-page' })
  if (answer.kind === 'silence') return { problem: 'It does not answer.' }
  return answer.kind === 'error' ? 'pass' : { problem: 'It answers as if the mark were one of its own.', partly: true }
}

function unique(items: Items, key: string): Finding {
  const seen = new Set<Json>()
  for (const item of items) {
    const value = item[key]
    if (value !== undefined && seen.has(value)) return { problem: `“${String(value).slice(0, 100)}” is there twice.` }
    if (value !== undefined) seen.add(value)
  }
  return items.length === 0 ? 'skip' : 'pass'
}

function first(items: Items, isRight: (item: JsonObject) => boolean, problem: string, partly = false): Finding {
  const wrong = items.filter((item) => !isRight(item))
  const [example] = wrong
  if (!example) return 'pass'
  const name = String(example.name ?? example.uri ?? 'one without a name').slice(0, 100)
  const others = wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : ''
  return { problem: `“${name}”${others} ${problem}.`, partly: partly && wrong.length < items.length }
}

const hasInputSchema = ({ inputSchema }: JsonObject) => objectOf(inputSchema).type === 'object' && isSchema(inputSchema)

/** A schema that cannot be used refuses everything with the same sentence. */
function isSchema(schema: Json | undefined): boolean {
  const problem = new SchemaCompiler().compile(schema)({})
  return problem === undefined || !problem.includes('description of its arguments can’t be used')
}

function hasNamedArguments({ arguments: given }: JsonObject): boolean {
  if (given === undefined) return true
  return Array.isArray(given) && given.every((one) => typeof objectOf(one as Json).name === 'string')
}
