import type { ClientId } from '../../shared/domain/ids.ts'

export const deprecatedUses = ['old-names', 'old-revision'] as const
export type DeprecatedUse = (typeof deprecatedUses)[number]

/** What each client uses that will go away, since the app was started; told of the first time each. */
export class DeprecatedUses {
  readonly #uses = new Map<ClientId, Set<DeprecatedUse>>()

  constructor(private readonly onFirst: (client: ClientId, use: DeprecatedUse) => void) {}

  note(client: ClientId, use: DeprecatedUse): void {
    const uses = this.#uses.get(client) ?? new Set<DeprecatedUse>()
    if (uses.has(use)) return
    this.#uses.set(client, uses.add(use))
    this.onFirst(client, use)
  }

  of = (client: ClientId): DeprecatedUse[] => [...(this.#uses.get(client) ?? [])].sort()
}
