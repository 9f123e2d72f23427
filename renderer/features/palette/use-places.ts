import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import { withLocalTimes } from '../../../shared/messages/local-times.ts'
import { useMirror } from '../../app/gatehouse-context.tsx'
import { go } from '../../app/route.ts'
import { navigation, screenKeys } from '../../app/shortcuts.ts'
import { useWords, type Word } from '../../app/words.tsx'
import { clientPlace } from '../clients/client-list.tsx'
import type { PaletteItem } from './palette-item.ts'

/** What is read once, when the palette opens. */
export async function readPlaces(api: GatehouseApi) {
  const [{ tools }, { clients }, { grants }, { sessions }, { settings }] = await Promise.all([
    api.tools.list({}),
    api.clients.list(),
    api.permissions.list(),
    api.sessions.list(),
    api.config.list(),
  ])
  return { tools, clients, grants, sessions, settings }
}
export type Places = Awaited<ReturnType<typeof readPlaces>>
export const noPlaces: Places = { tools: [], clients: [], grants: [], sessions: [], settings: [] }

/** Everything there is to go to, but the log. */
export function usePlaces({ tools, clients, grants, sessions, settings }: Places): readonly PaletteItem[] {
  const { t, when, zoned } = useWords()
  const servers = useMirror((mirror) => mirror.servers ?? [])
  return [
    ...navigation.map(
      (screen, place): PaletteItem => ({
        id: `screen ${screen}`,
        group: 'screens',
        label: t(`nav.${screen}`),
        keys: screenKeys(place),
        run: () => go(screen),
      }),
    ),
    ...servers.map(
      ({ name, command }): PaletteItem => ({
        id: `server ${name}`,
        group: 'servers',
        label: name,
        detail: command,
        run: () => go('servers', name),
      }),
    ),
    ...tools.map(
      ({ name, server, title, description }): PaletteItem => ({
        id: `tool ${name}`,
        group: 'tools',
        label: name,
        detail: title,
        words: [description],
        run: () => go('servers', server, name),
      }),
    ),
    ...clients.map(
      ({ name, workspace }): PaletteItem => ({
        id: `client ${name}`,
        group: 'clients',
        label: name,
        detail: workspace,
        run: () => go('sessions', `${clientPlace}${name}`),
      }),
    ),
    ...grants.map(
      ({ id, sentence }): PaletteItem => ({
        id: `rule ${id}`,
        group: 'rules',
        label: withLocalTimes(sentence, zoned),
        run: () => go('permissions', id),
      }),
    ),
    ...sessions.map(
      ({ id, client, startedAt, state }): PaletteItem => ({
        id: `session ${id}`,
        group: 'sessions',
        label: t('palette.session', { client, time: when(startedAt) }),
        detail: t(`session.${state}`),
        words: [id],
        run: () => go('sessions', id),
      }),
    ),
    ...settings.map(
      ({ path }): PaletteItem => ({
        id: `setting ${path}`,
        group: 'settings',
        label: t(`config.${path}` as Word),
        detail: path,
        words: [t(`config.${path}.text` as Word)],
        run: () => go('settings', path),
      }),
    ),
  ]
}
