import type { ReactNode } from 'react'
import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import { useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { UpdatesRow } from '../updates/updates-row.tsx'
import { ConfigRow, nameWord, textWord } from './config-row.tsx'
import { RetentionRow } from './retention-rows.tsx'
import { BackupsRow, FileRow, KeysRow, OperatorRow, PrivacyRow, StopRow } from './safety-rows.tsx'
import { ShortcutRow, useShortcutList } from './shortcut-list.tsx'
import { AutostartRow, LanguageRow, ThemeRow } from './window-rows.tsx'

export const areas = [
  'window',
  'approvals',
  'limits',
  'tasks',
  'servers',
  'records',
  'safety',
  'technical',
  'app',
  'shortcuts',
] as const
export type Area = (typeof areas)[number]

/** One thing on the settings screen, with the words it is found by. */
export interface ShownSetting {
  readonly id: string
  readonly area: Area
  readonly words: readonly string[]
  readonly row: ReactNode
}

export async function readSettings(api: GatehouseApi) {
  const [config, retention] = await Promise.all([api.config.list(), api.audit.retention()])
  return { ...config, retention }
}
export type SettingsRead = Awaited<ReturnType<typeof readSettings>>

const areaOf = (path: string): Area => {
  const [first] = path.split('.')
  if (first === 'cells') return 'servers'
  if (first === 'oauth') return 'servers'
  if (first === 'updates') return 'app'
  return areas.find((area) => area === first) ?? 'technical'
}

/** Everything that can be set, in the order it is shown. */
export function useSettings({ settings, file, retention }: SettingsRead, again: () => void): readonly ShownSetting[] {
  const { t } = useWords()
  const shortcuts = useShortcutList()
  const autostart = useMirror((mirror) => mirror.setup?.autostart !== undefined)
  const item = (id: string, area: Area, row: ReactNode, ...words: string[]): ShownSetting => ({ id, area, words, row })
  return [
    item('language', 'window', <LanguageRow />, t('settings.language'), t('settings.language.text')),
    item('theme', 'window', <ThemeRow />, t('settings.theme'), t('settings.theme.text')),
    ...(autostart
      ? [item('autostart', 'app', <AutostartRow />, t('settings.autostart'), t('settings.autostart.text'))]
      : []),
    ...settings.map((one) =>
      item(
        one.path,
        areaOf(one.path),
        <ConfigRow setting={one} onSet={again} />,
        t(nameWord(one.path)),
        t(textWord(one.path)),
        one.path,
      ),
    ),
    ...(['days', 'piiDays'] as const).map((which) =>
      item(
        `retention.${which}`,
        'records',
        <RetentionRow which={which} retention={retention} onSet={again} />,
        t(`settings.retention.${which}`),
        t(`settings.retention.${which}.text`),
      ),
    ),
    item('privacy', 'records', <PrivacyRow />, t('privacy.title'), t('privacy.row.text')),
    item('operator', 'safety', <OperatorRow />, t('settings.operator'), t('settings.operator.text')),
    item('keys', 'safety', <KeysRow />, t('settings.keys'), t('settings.keys.text')),
    item('backups', 'safety', <BackupsRow />, t('backups.title'), t('settings.backups.text')),
    item('file', 'technical', <FileRow file={file} />, t('settings.file'), t('settings.file.text'), 'config.yaml'),
    item('updates', 'app', <UpdatesRow />, t('updates.title'), t('updates.text')),
    item('stop', 'app', <StopRow />, t('settings.stop'), t('settings.stop.hint')),
    ...shortcuts.map(([name, keys]) => item(name, 'shortcuts', <ShortcutRow name={name} keys={keys} />, name)),
  ]
}
