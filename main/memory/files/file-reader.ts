import { readFileSync } from 'node:fs'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { GraphDocument, ImportProgress, MemoryFormat } from '../../../shared/domain/memory.ts'
import { inputInvalid, memoryBadFile } from '../../../shared/errors.ts'
import { type Failure, failureOf } from '../worker-messages.ts'
import { readGraphml } from './memory-graphml.ts'
import { readJson } from './memory-json.ts'
import { readJsonl } from './memory-jsonl.ts'
import { servePortions } from './portion-port.ts'

/*
 * The thread that reads one file and gives it out in portions. A thread of its own, because parsing takes seconds for a large
 * file, and more memory than anything else here: when that runs out, the thread ends and nothing else.
 */
export interface FileToRead {
  readonly file: string
  readonly format: MemoryFormat
  /** Portions go this way. */
  readonly port: MessagePort
}
export type FromReader =
  | { readonly progress: ImportProgress }
  /** Read, and nothing wrong with it: so many concepts and relations. */
  | { readonly size: number }
  | { readonly failure: Failure }

const readers: Readonly<Record<MemoryFormat, (text: string, at: (done: number) => void) => GraphDocument>> = {
  json: readJson,
  jsonl: readJsonl,
  graphml: readGraphml,
}

const tell = (message: FromReader) => parentPort?.postMessage(message)
const { file, format, port } = workerData as FileToRead
try {
  const text = utf8(file)
  const at = (done: number) => tell({ progress: { phase: 'reading', done, total: text.length } })
  at(0)
  const document = read(text, at)
  servePortions(document, port)
  tell({ size: document.concepts.length + document.relations.length })
} catch (error) {
  port.close()
  tell({ failure: failureOf(error) })
}

function read(text: string, at: (done: number) => void): GraphDocument {
  try {
    return readers[format](text, at)
  } catch (error) {
    if (error instanceof RangeError) throw memoryBadFile(1, 'something in it is nested too deeply')
    throw error
  }
}

function utf8(place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(place))
  } catch (error) {
    if (error instanceof TypeError) throw memoryBadFile(1, 'this is not UTF-8 text')
    throw inputInvalid(`The file cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
