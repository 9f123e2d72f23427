import type { CellStore } from './cell-store.ts'

/** Keeps hashes where an edit of the database does not reach. */
export interface HashAnchor {
  load(): Promise<readonly string[]>
  save(hashes: readonly string[]): Promise<void>
}

/** Hashes that are never verified again. In the database, sealed, and in the keychain: neither can be emptied alone. */
export class Revoked {
  readonly #hashes: Set<string>

  private constructor(
    private readonly store: Pick<CellStore, 'saveList'>,
    private readonly anchor: HashAnchor,
    hashes: Iterable<string>,
  ) {
    this.#hashes = new Set(hashes)
  }

  static async open(store: Pick<CellStore, 'list' | 'saveList'>, anchor: HashAnchor): Promise<Revoked> {
    return new Revoked(store, anchor, [...(store.list<string>('revoked') ?? []), ...(await anchor.load())])
  }

  has = (hash: string): boolean => hash !== '' && this.#hashes.has(hash)

  async add(...hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) if (hash !== '') this.#hashes.add(hash)
    this.store.saveList('revoked', [...this.#hashes])
    await this.anchor.save([...this.#hashes])
  }
}
