import type { GatehouseHandlers } from '../../shared/contract/contract.ts'
import { contract } from '../../shared/contract/contract.ts'
import type { AnyRoute } from '../../shared/contract/define.ts'
import type { KeyRing } from '../credentials/key-ring.ts'
import type { SealedTables, SealedTablesOptions, TableFault } from '../store/sealed-tables.ts'

/** What a table holds, as the person knows it. */
const contents: Readonly<Record<string, string>> = {
  server: 'The list of servers',
  pin: 'What you accepted of your servers',
  client: 'The list of AI apps',
  client_token: 'The list of API keys',
  key_program: 'The programs API keys belong to',
  grant_use: 'What was used of your limited rules',
  grants: 'Your rules and remembered answers',
  permission_state: 'The seal over your rules',
  held_grant: 'The list of what is held for your review',
  setting: 'Your settings',
  app_connection: 'The list of connected AI apps',
  catalog_view: 'What AI apps may see',
  cell: 'How your servers were registered',
  cell_list: 'The keys you trust and what you revoked',
  token_family: 'The sign-ins of AI apps',
  use_quota: 'Your limits',
  filter_settings: 'What you set for filters',
  filter_word: 'Words of your own that are looked for',
  workspace: 'Your workspaces',
  alert_rule: 'Your rules for alerts',
  alert_channel: 'Where alerts are told',
  vault: 'The vault file with your keys, and with it probably the whole data folder',
}

const contentsOf = ({ table }: TableFault): string => contents[table] ?? `The table ${table}`
export const findingSentence = (fault: TableFault): string => `${contentsOf(fault)}: ${fault.problem}.`

/** One sentence a problem, whatever number of tables has it. */
const findingsInShort = (faults: readonly TableFault[]): string =>
  [...Map.groupBy(faults, ({ problem }) => problem)]
    .map(([problem, [first, ...others]]) => {
      const more = others.length > 0 ? ` and ${others.length} more` : ''
      return first ? `${contentsOf(first)}${more}: ${problem}.` : ''
    })
    .join(' ')

export const tamperedNotice = (faults: readonly TableFault[]): string =>
  `The database was changed outside Gatehouse, so nothing is allowed until you decide: ${findingsInShort(faults)} Look at it in the window, or with: gatehouse integrity show`

/** A vault file may have been put back together with everything whose state it keeps. */
export function anchorPlace({ vault }: KeyRing): Pick<SealedTablesOptions, 'anchorPlace'> {
  if (!vault) return {}
  const fault = { table: 'vault', problem: 'an older copy was put in its place' }
  return { anchorPlace: { faults: () => (vault.state() === 'behind' ? [fault] : []), accept: vault.accept } }
}

type Handler = (input: unknown, caller: unknown) => unknown

/** What a person changed is answered once an older copy of the database could no longer undo it unseen. */
export function settled(handlers: GatehouseHandlers, tables: SealedTables): GatehouseHandlers {
  const areas = Object.entries(handlers).map(([area, entries]) => {
    const routes = contract[area as keyof typeof contract] as Readonly<Record<string, Partial<AnyRoute>>>
    const wrapped = Object.entries(entries as Record<string, Handler>).map(([name, handler]) => {
      if (routes[name]?.verb !== 'changes') return [name, handler] as const
      const waiting: Handler = async (input, caller) => {
        const value = await handler(input, caller)
        await tables.settled()
        return value
      }
      return [name, waiting] as const
    })
    return [area, Object.fromEntries(wrapped)] as const
  })
  return Object.fromEntries(areas) as unknown as GatehouseHandlers // entry by entry from the handlers this type is made of
}
