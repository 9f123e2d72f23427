import type { MessagePort } from 'node:worker_threads'
import type { GraphDocument } from '../../../shared/domain/memory.ts'
import { memoryImportCancelled } from '../../../shared/errors.ts'
import type { DocumentSource } from '../importing.ts'

/** So many concepts or relations at a time; a slice of an import. */
const atOnce = 100

/** Gives a document out through a port, a portion whenever one is asked for, then `undefined`. */
export function servePortions({ concepts, relations }: GraphDocument, port: MessagePort): void {
  let at = 0
  port.on('message', () => {
    const from = at - concepts.length
    if (from >= relations.length) return port.postMessage(undefined)
    const portion =
      from < 0
        ? { concepts: concepts.slice(at, at + atOnce), relations: [] }
        : { concepts: [], relations: relations.slice(from, from + atOnce) }
    at += portion.concepts.length + portion.relations.length
    port.postMessage(portion)
  })
}

/** The other end. That the reader ended before its document did means that somebody cancelled. */
export function portionsFrom(port: MessagePort, size: number): DocumentSource {
  let waiting: PromiseWithResolvers<GraphDocument | undefined> | undefined
  let closed = false
  port.on('message', (portion: GraphDocument | undefined) => waiting?.resolve(portion))
  port.on('close', () => {
    closed = true
    waiting?.reject(memoryImportCancelled())
  })
  return {
    size,
    next: () => {
      if (closed) return Promise.reject(memoryImportCancelled())
      waiting = Promise.withResolvers()
      port.postMessage('next')
      return waiting.promise
    },
    close: () => port.close(),
  }
}
