import type { TrustRoot } from '../../shared/domain/cell.ts'
import { inputInvalid } from '../../shared/errors.ts'
import { publicKeyFrom } from '../../shared/wire/cell-signature.ts'
import type { CellStore } from './cell-store.ts'

/** The public keys whose signatures the person trusts. */
export class TrustRoots {
  #roots: readonly TrustRoot[]

  constructor(
    private readonly store: Pick<CellStore, 'list' | 'saveList'>,
    private readonly now: () => number,
  ) {
    this.#roots = store.list<TrustRoot>('trust') ?? []
  }

  list = (): readonly TrustRoot[] => this.#roots
  find = (keyId: string, publicKey: string): TrustRoot | undefined =>
    this.#roots.find((root) => root.keyId === keyId && root.publicKey === publicKey)

  /** @param pem SPKI @throws input.invalid */
  add(name: string, pem: string): TrustRoot {
    try {
      const root = { ...publicKeyFrom(pem), name, addedAt: this.now() as TrustRoot['addedAt'] }
      this.#save([...this.#roots.filter(({ keyId }) => keyId !== root.keyId), root])
      return root
    } catch (error) {
      throw inputInvalid(`This is no public key for cells: ${(error as Error).message}.`)
    }
  }

  /** @throws input.invalid */
  remove(nameOrId: string): TrustRoot {
    const found = this.#roots.find(({ name, keyId }) => name === nameOrId || keyId === nameOrId)
    if (!found) throw inputInvalid(`No trusted key is called “${nameOrId}”.`)
    this.#save(this.#roots.filter((root) => root !== found))
    return found
  }

  #save(roots: readonly TrustRoot[]): void {
    this.store.saveList('trust', roots)
    this.#roots = roots
  }
}
