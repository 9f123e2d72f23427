/** What a text is embedded for; some models are told. */
export type EmbeddingPurpose = 'document' | 'query'

/** Answers at once, so a concept and its vector are written together. */
export interface InstantEmbedder {
  readonly kind: 'instant'
  /** Vectors of two embedders are compared only when their names are the same. */
  readonly name: string
  readonly dimension: number
  embed(text: string): Float32Array
}

/** Answers over HTTP: vectors follow the concepts they are of. */
export interface RemoteEmbedder {
  readonly kind: 'remote'
  readonly name: string
  /** @throws memory.embedder when it cannot be reached or answers something else */
  embed(texts: readonly string[], purpose: EmbeddingPurpose, signal?: AbortSignal): Promise<Float32Array[]>
}

export type Embedder = InstantEmbedder | RemoteEmbedder
