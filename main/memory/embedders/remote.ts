import { z } from 'zod'
import type { EmbedderChoice } from '../../../shared/domain/memory.ts'
import { memoryEmbedder } from '../../../shared/errors.ts'
import type { EmbeddingPurpose, RemoteEmbedder } from './embedder.ts'

type RemoteChoice = Exclude<EmbedderChoice, { readonly kind: 'built-in' }>

const patienceMs = 60_000
const answerBytesAtMost = 64 * 1024 * 1024
/** Longer texts are embedded by their beginning: models take a few thousand tokens. */
const charsAtMost = 8_000

/** What models were trained to find before a text, by the beginning of their names (from their model cards). */
const prefixes: readonly { readonly model: string; readonly document: string; readonly query: string }[] = [
  { model: 'nomic-embed-text', document: 'search_document: ', query: 'search_query: ' },
  { model: 'mxbai-embed-large', document: '', query: 'Represent this sentence for searching relevant passages: ' },
  { model: 'snowflake-arctic-embed', document: '', query: 'Represent this sentence for searching relevant passages: ' },
]

const vectors = z.array(z.array(z.number()))
/** @see Ollama, docs/api.md, “Generate Embeddings”: POST /api/embed */
const ollamaAnswer = z.object({ embeddings: vectors }).transform(({ embeddings }) => embeddings)
/** @see OpenAI API reference, “Create embeddings”: POST /embeddings */
const openAiAnswer = z
  .object({ data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()) })) })
  .transform(({ data }) => data.sort((a, b) => a.index - b.index).map(({ embedding }) => embedding))

const dialects = {
  ollama: { path: '/api/embed', answer: ollamaAnswer, more: { truncate: true } },
  openai: { path: '/embeddings', answer: openAiAnswer, more: { encoding_format: 'float' } },
} as const

/** Names what its vectors are made by, so that only those of one name are compared. */
export const nameOf = (choice: EmbedderChoice): string =>
  choice.kind === 'built-in' ? 'built-in-1' : `${choice.kind} ${choice.url} ${choice.model}`

/** @returns undefined when the name is not one of `nameOf` for an embedder that is reached over HTTP */
export function choiceNamed(name: string): RemoteChoice | undefined {
  const [, kind, url = '', model = ''] = /^(ollama|openai) (\S+) (.+)$/.exec(name) ?? []
  return kind === 'ollama' || kind === 'openai' ? { kind, url, model } : undefined
}

/**
 * A model behind Ollama’s or OpenAI’s HTTP interface. The texts of concepts go there and nowhere else: no redirect is followed.
 *
 * @param key sent as bearer token
 */
export function remoteEmbedder(choice: RemoteChoice, key?: string): RemoteEmbedder {
  const name = nameOf(choice)
  const { path, answer, more } = dialects[choice.kind]
  const prefix = prefixes.find(({ model }) => choice.model.startsWith(model))
  const embed = async (texts: readonly string[], purpose: EmbeddingPurpose, signal?: AbortSignal) => {
    const input = texts.map((text) => `${prefix?.[purpose] ?? ''}${text.slice(0, charsAtMost)}`)
    const response = await fetch(`${choice.url.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: JSON.stringify({ model: choice.model, input, ...more }),
      signal: AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])]),
    })
    const text = await limitedText(response)
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    return checked(answer.parse(JSON.parse(text)), texts.length)
  }
  return {
    kind: 'remote',
    name,
    embed: async (texts, purpose, signal) => {
      try {
        return await embed(texts, purpose, signal)
      } catch (error) {
        throw memoryEmbedder(name, problemOf(error))
      }
    },
  }
}

function checked(found: readonly number[][], wanted: number): Float32Array[] {
  const length = found[0]?.length ?? 0
  if (found.length !== wanted) throw new Error(`it made ${found.length} vectors of ${wanted} texts`)
  if (wanted > 0 && length === 0) throw new Error('it made an empty vector')
  if (found.some((vector) => vector.length !== length)) throw new Error('its vectors have different lengths')
  return found.map((vector) => Float32Array.from(vector))
}

async function limitedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response.body ?? []) {
    bytes += piece.length
    if (bytes > answerBytesAtMost) throw new Error('its answer is too long')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

/** Never the texts themselves, which a parser’s message may quote. */
function problemOf(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return 'its answer is not one of this interface'
  if (!(error instanceof Error)) return 'it failed'
  const cause = error.cause as { code?: string } | undefined
  if (error.name === 'TimeoutError') return `no answer within ${patienceMs / 1000} s`
  return cause?.code ?? (error.message === 'fetch failed' ? 'it cannot be reached' : error.message.slice(0, 120))
}
