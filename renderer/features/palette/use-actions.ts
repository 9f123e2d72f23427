import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { connectPlace } from '../clients/client-list.tsx'
import { useClientChanges } from '../clients/use-client-changes.ts'
import { useServerChanges } from '../servers/use-server-changes.ts'
import type { PaletteItem } from './palette-item.ts'

type Clients = Awaited<ReturnType<GatehouseApi['clients']['list']>>['clients']

const themes = ['system', 'light', 'dark'] as const
const languages = { en: 'English', ro: 'Română' } as const

/** What can be done from anywhere. */
export function useActions(clients: Clients): readonly PaletteItem[] {
  const { t } = useWords()
  const api = useApi()
  const { run } = useAction()
  const toast = useMirror((mirror) => mirror.toast)
  const servers = useMirror((mirror) => mirror.servers ?? [])
  const readSetup = useMirror((mirror) => mirror.readSetup)
  const onClients = useClientChanges()
  const onServers = useServerChanges()
  const action = (id: string, label: string, doIt: () => unknown): PaletteItem => ({
    id: `do ${id}`,
    group: 'actions',
    label,
    run: () => void doIt(),
  })
  const appearance = (change: { theme?: (typeof themes)[number]; language?: keyof typeof languages }) =>
    run(async () => {
      await api.system.setAppearance(change)
      await readSetup()
    })
  const verify = () =>
    run(async () => {
      const { valid, sentence } = await api.audit.verify({})
      toast(valid ? 'ok' : 'problem', sentence)
    })
  return [
    action('add-server', t('palette.do.addServer'), () => go('servers', 'add:command')),
    action('add-bundle', t('palette.do.addBundle'), () => go('servers', 'add:bundle')),
    action('add-remote', t('palette.do.addRemote'), () => go('servers', 'add:address')),
    action('paste', t('paste.title'), () => go('servers', 'add:paste')),
    action('pair', t('palette.do.pair'), () => go('sessions', connectPlace)),
    action('remember', t('palette.do.remember'), () => go('memory', 'add')),
    action('verify', t('palette.do.verify'), verify),
    action('backup', t('palette.do.backup'), () => go('settings', 'backups')),
    ...clients
      .filter(({ state }) => state !== 'revoked')
      .map(({ name, state }) =>
        state === 'suspended'
          ? action(`resume ${name}`, t('palette.do.resume', { client: name }), () => onClients.resume(name))
          : action(`suspend ${name}`, t('palette.do.suspend', { client: name }), () => onClients.suspend(name)),
      ),
    ...servers.flatMap(({ name: server, state }) =>
      state === 'disabled'
        ? [action(`enable ${server}`, t('palette.do.enable', { server }), () => onServers.enable(server))]
        : [
            action(`disable ${server}`, t('palette.do.disable', { server }), () => onServers.disable(server)),
            action(`restart ${server}`, t('palette.do.restart', { server }), () => onServers.restart(server)),
          ],
    ),
    ...themes.map((theme) =>
      action(`theme ${theme}`, t('palette.do.theme', { theme: t(`settings.theme.${theme}`) }), () =>
        appearance({ theme }),
      ),
    ),
    ...(['en', 'ro'] as const).map((language) =>
      action(`language ${language}`, t('palette.do.language', { language: languages[language] }), () =>
        appearance({ language }),
      ),
    ),
  ]
}
