import sax, { type Tag } from 'sax'
import { z } from 'zod'
import { contentLabels } from '../../../shared/domain/flow.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Concept, GraphDocument, ImportedConcept, Relation } from '../../../shared/domain/memory.ts'
import { inputInvalid, memoryBadFile } from '../../../shared/errors.ts'

const texts = ['name', 'type', 'description', 'source'] as const
const numbers = ['confidence', 'weight'] as const
const encoded = ['attributes', 'observations', 'labels', 'inferred'] as const
/** Of a name that only relations speak of. */
const mentioned = 'mentioned'

const begin = `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${[...texts, ...encoded, mentioned].map((key) => keyTag(key, 'string')).join('\n')}
${numbers.map((key) => keyTag(key, 'double')).join('\n')}
<graph edgedefault="directed">
`
function keyTag(key: string, type: string): string {
  return `<key id="${key}" for="all" attr.name="${key}" attr.type="${type}"/>`
}

/** Lists, attributes and labels are JSON inside. @throws input.invalid for characters XML cannot hold */
export class GraphmlWriter {
  readonly #nodes = new Map<string, string>()
  readonly begin = begin
  readonly end = '</graph>\n</graphml>\n'

  concept({ name, type, description, attributes, observations, confidence, source, labels }: Concept): string {
    const facts = observations.map(({ text }) => text)
    const data = { name, type, description, source, confidence, attributes, observations: facts, labels }
    return `<node id="${this.#idOf(name)}">${dataTags(data)}</node>\n`
  }

  relation({ from, to, type, weight, confidence, inferred, attributes, labels }: Relation): string {
    const ends = [from, to].filter((name) => !this.#nodes.has(name))
    const nodes = [...new Set(ends)].map(
      (name) => `<node id="${this.#idOf(name)}">${dataTags({ name, mentioned: true })}</node>\n`,
    )
    const data = dataTags({ type, weight, confidence, inferred, attributes, labels })
    return `${nodes.join('')}<edge source="${this.#idOf(from)}" target="${this.#idOf(to)}">${data}</edge>\n`
  }

  #idOf(name: string): string {
    const known = this.#nodes.get(name)
    if (known !== undefined) return known
    const id = `n${this.#nodes.size + 1}`
    this.#nodes.set(name, id)
    return id
  }
}

const dataTags = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .map(
      ([key, value]) =>
        `<data key="${key}">${escaped(typeof value === 'string' ? value : JSON.stringify(value))}</data>`,
    )
    .join('')

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 cannot hold (section 2.2)
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text) || !text.isWellFormed())
    throw inputInvalid('Something in the memory holds characters that GraphML cannot. Export it as json.')
  return text.replace(/[&<>"\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`)
}

interface Element {
  readonly line: number
  readonly attributes: Readonly<Record<string, string>>
  readonly data: Map<string, string>
}

/** Own files and others': a node without a name has its id for one, keys that are not known become attributes. @throws memory.bad-file */
export function readGraphml(text: string, at: (done: number) => void = () => {}): GraphDocument {
  const { nodes, edges } = elementsOf(text, at)
  const names = new Map<string, string>()
  for (const node of nodes) {
    const id = node.attributes.id ?? ''
    if (id === '' || names.has(id))
      throw memoryBadFile(node.line, id === '' ? 'a node without id' : `a second node “${id}”`)
    names.set(id, node.data.get('name') ?? node.data.get('label') ?? id)
  }
  const end = (edge: Element, which: string): string => {
    const name = names.get(edge.attributes[which] ?? '')
    if (name === undefined) throw memoryBadFile(edge.line, `the ${which} of an edge is no node of this file`)
    return name
  }
  return {
    concepts: nodes
      .filter(({ data }) => !data.has(mentioned))
      .map((node) => ({
        ...(commonOf(node) as object),
        name: names.get(node.attributes.id ?? '') ?? '',
        type: node.data.get('type') ?? 'concept',
      })) as ImportedConcept[],
    relations: edges.map((edge) => ({
      ...commonOf(edge),
      from: end(edge, 'source'),
      to: end(edge, 'target'),
      type: edge.data.get('type') ?? edge.data.get('label') ?? 'related to',
    })),
  }
}

const parsedAtOnce = 1024 * 1024

function elementsOf(
  text: string,
  at: (done: number) => void,
): { readonly nodes: Element[]; readonly edges: Element[] } {
  const parser = sax.parser(true)
  const [nodes, edges]: [Element[], Element[]] = [[], []]
  const keys = new Map<string, string>()
  let [isGraphml, open, key]: [boolean, Element | undefined, string | undefined] = [false, undefined, undefined]
  const bad = (reason: string) => memoryBadFile(parser.line + 1, reason)
  parser.onerror = (error) => {
    throw bad(`this is not XML (${error.message.split('\n')[0]})`)
  }
  parser.onopentag = ({ name, attributes }: Tag) => {
    if (!isGraphml && name !== 'graphml') throw bad('this is not GraphML')
    isGraphml = true
    if (name === 'key') keys.set(attributes.id ?? '', attributes['attr.name'] ?? attributes.id ?? '')
    else if (name === 'node' || name === 'edge') {
      if (open) throw bad('graphs inside nodes are not taken')
      open = { line: parser.line + 1, attributes, data: new Map() }
      ;(name === 'node' ? nodes : edges).push(open)
    } else if (name === 'hyperedge') throw bad('hyperedges are not taken')
    else if (name === 'data' && open) {
      key = keys.get(attributes.key ?? '') ?? attributes.key ?? ''
      open.data.set(key, '')
    }
  }
  const heard = (more: string) => {
    if (open && key !== undefined) open.data.set(key, `${open.data.get(key) ?? ''}${more}`)
  }
  parser.ontext = heard
  parser.oncdata = heard
  parser.onclosetag = (name) => {
    if (name === 'data') key = undefined
    if (name === 'node' || name === 'edge') open = undefined
  }
  for (let done = 0; done < text.length; done += parsedAtOnce) {
    at(done)
    parser.write(text.slice(done, done + parsedAtOnce))
  }
  parser.close()
  if (!isGraphml) throw memoryBadFile(1, 'this is not GraphML')
  return { nodes, edges }
}

const share = z.number().min(0).max(1)
const own = z.object({
  description: z.string().optional(),
  source: z.string().optional(),
  confidence: share.optional(),
  weight: share.optional(),
  inferred: z.boolean().optional(),
  attributes: (z.record(z.string(), z.json()) as unknown as z.ZodType<JsonObject>).optional(),
  observations: z.array(z.string()).optional(),
  labels: z.array(z.enum(contentLabels)).optional(),
})

function commonOf({ data, line }: Element) {
  const known: readonly string[] = [...texts, ...numbers, ...encoded, mentioned, 'label']
  const others = Object.fromEntries([...data].filter(([name]) => !known.includes(name)))
  const given: Record<string, unknown> = {}
  for (const [name, value] of data) {
    if (name === 'description' || name === 'source') given[name] = value
    else if ([...numbers, ...encoded].includes(name as 'weight')) given[name] = jsonIn(value, name, line)
  }
  const parsed = own.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw memoryBadFile(line, `${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { attributes = {}, ...rest } = Object.fromEntries(
    Object.entries(parsed.data).filter(([, value]) => value !== undefined),
  ) as z.output<typeof own>
  return { ...rest, attributes: { ...others, ...attributes } } as Omit<ImportedConcept, 'name' | 'type'>
}

function jsonIn(text: string, name: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw memoryBadFile(line, `${name} is not JSON`)
  }
}
