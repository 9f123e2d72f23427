import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { beginning, type MemoryFormat, type Portion } from '../../../shared/domain/memory.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { WorkspaceMemory } from '../workspace-memory.ts'
import { GraphmlWriter } from './memory-graphml.ts'
import { jsonParts } from './memory-json.ts'
import { entityLine, linkLine } from './memory-jsonl.ts'

const portionOf = 500

const writers: Readonly<Record<MemoryFormat, (memory: WorkspaceMemory) => AsyncIterable<string>>> = {
  json: jsonText,
  jsonl: jsonlText,
  graphml: graphmlText,
}

/**
 * Writes the whole memory to a new file (0600). It is there when it is complete.
 * @throws input.invalid when there is such a file
 */
export async function exportMemory(memory: WorkspaceMemory, file: string, format: MemoryFormat): Promise<number> {
  if (await stat(file).catch(() => undefined)) throw inputInvalid(`There is a file “${file}” already. Name another.`)
  const draft = `${file}.part`
  try {
    await pipeline(
      Readable.from(writers[format](memory)),
      createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }),
    )
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  return (await stat(file)).size
}

async function* graphmlText(memory: WorkspaceMemory): AsyncIterable<string> {
  const writer = new GraphmlWriter()
  yield writer.begin
  for await (const { concepts } of portions(memory, 'concepts')) for (const one of concepts) yield writer.concept(one)
  for await (const { relations } of portions(memory, 'relations'))
    for (const one of relations) yield writer.relation(one)
  yield writer.end
}

async function* jsonText(memory: WorkspaceMemory): AsyncIterable<string> {
  yield jsonParts.begin
  yield* listed(memory, 'concepts', ({ concepts }) => concepts.map(jsonParts.concept))
  yield jsonParts.between
  yield* listed(memory, 'relations', ({ relations }) => relations.map(jsonParts.relation))
  yield jsonParts.end
}

async function* listed(
  memory: WorkspaceMemory,
  of: 'concepts' | 'relations',
  lines: (portion: Portion) => readonly string[],
): AsyncIterable<string> {
  let first = true
  for await (const portion of portions(memory, of)) {
    for (const line of lines(portion)) {
      yield `${first ? '' : ','}\n${line}`
      first = false
    }
  }
}

async function* jsonlText(memory: WorkspaceMemory): AsyncIterable<string> {
  let first = true
  const next = (line: string) => {
    const text = first ? line : `\n${line}`
    first = false
    return text
  }
  for await (const { concepts } of portions(memory, 'concepts'))
    for (const { name, type, observations } of concepts)
      yield next(entityLine({ name, entityType: type, observations: observations.map(({ text }) => text) }))
  for await (const { relations } of portions(memory, 'relations'))
    for (const { from, to, type } of relations) yield next(linkLine({ from, to, relationType: type }))
}

async function* portions(memory: WorkspaceMemory, of: 'concepts' | 'relations'): AsyncIterable<Portion> {
  let portion = await memory.portion({ of, after: beginning, limit: portionOf })
  while (portion.last !== undefined) {
    yield portion
    portion = await memory.portion({ of, after: portion.last, limit: portionOf })
  }
}
