import type {
  ContentFilterId,
  Direction,
  FilterAction,
  FilterPolicy,
  FilterSetting,
} from '../../shared/domain/filters.ts'
import type { ContentFilter } from './content/content-filter.ts'
import { type FilterSettings, noSettings } from './filter-settings-store.ts'

export type Actions = Readonly<Record<Direction, Readonly<Record<ContentFilterId, FilterAction>>>>

const everyServer = '*'

/** Which action holds for a filter, a server and a direction: set for this server, set for all, else by the policy. Changes hold from the next text on. */
export class FilterRules {
  #settings: FilterSettings
  #byServer = new Map<string, Actions>()

  constructor(
    private readonly filters: readonly ContentFilter[],
    private readonly store?: { load(): FilterSettings; save(settings: FilterSettings): void },
    private readonly onChange: () => void = () => {},
  ) {
    this.#settings = store?.load() ?? noSettings
  }

  get settings(): FilterSettings {
    return this.#settings
  }

  actionsFor(server: string): Actions {
    const known = this.#byServer.get(server)
    if (known) return known
    const actions: Actions = { call: this.#of(server, 'call'), reply: this.#of(server, 'reply') }
    this.#byServer.set(server, actions)
    return actions
  }

  policyOf = (server: string): FilterPolicy =>
    this.#settings.policies[server] ?? this.#settings.policies[everyServer] ?? 'permissive'

  /** @param action undefined takes the setting back */
  set({ server, filter, direction }: Omit<FilterSetting, 'action'>, action: FilterAction | undefined): void {
    const others = this.#settings.actions.filter(
      (one) => one.server !== server || one.filter !== filter || one.direction !== direction,
    )
    const actions = action === undefined ? others : [...others, { server, filter, direction, action }]
    this.#change({ ...this.#settings, actions })
  }

  /** @param policy undefined takes the setting back */
  setPolicy(server: string, policy: FilterPolicy | undefined): void {
    const { [server]: _before, ...others } = this.#settings.policies
    this.#change({ ...this.#settings, policies: policy === undefined ? others : { ...others, [server]: policy } })
  }

  #change(settings: FilterSettings): void {
    this.store?.save(settings)
    this.#settings = settings
    this.#byServer = new Map()
    this.onChange()
  }

  #of(server: string, direction: Direction): Readonly<Record<ContentFilterId, FilterAction>> {
    const policy = this.policyOf(server)
    const set = (filter: ContentFilterId, of: string) =>
      this.#settings.actions.find((one) => one.server === of && one.filter === filter && one.direction === direction)
        ?.action
    return Object.fromEntries(
      this.filters.map(({ id, actions }) => [
        id,
        set(id, server) ?? set(id, everyServer) ?? actions[policy][direction],
      ]),
    ) as Record<ContentFilterId, FilterAction>
  }
}
