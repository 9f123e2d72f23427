import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Check } from '../../ui/field.tsx'
import { SettingRow } from './setting-row.tsx'
import { ValueRow } from './value-row.tsx'

export function LanguageRow() {
  const { t } = useWords()
  const api = useApi()
  const language = useMirror((mirror) => mirror.setup?.language ?? 'en')
  const readSetup = useMirror((mirror) => mirror.readSetup)
  return (
    <ValueRow
      anchor="language"
      name={t('settings.language')}
      text={t('settings.language.text')}
      kind="choice"
      value={language}
      choices={[
        { value: 'en', label: 'English' },
        { value: 'ro', label: 'Română' },
      ]}
      onSave={async (chosen) => {
        await api.system.setAppearance({ language: chosen === 'ro' ? 'ro' : 'en' })
        await readSetup()
      }}
    />
  )
}

const themes = ['system', 'light', 'dark'] as const

export function ThemeRow() {
  const { t } = useWords()
  const api = useApi()
  const theme = useMirror((mirror) => mirror.setup?.theme ?? 'system')
  const readSetup = useMirror((mirror) => mirror.readSetup)
  return (
    <ValueRow
      anchor="theme"
      name={t('settings.theme')}
      text={t('settings.theme.text')}
      kind="choice"
      value={theme}
      choices={themes.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
      onSave={async (chosen) => {
        await api.system.setAppearance({ theme: themes.find((one) => one === chosen) ?? 'system' })
        await readSetup()
      }}
    />
  )
}

/** Only where the shell can start when the person signs in. */
export function AutostartRow() {
  const { t } = useWords()
  const api = useApi()
  const { run } = useAction()
  const on = useMirror((mirror) => mirror.setup?.autostart ?? false)
  const readSetup = useMirror((mirror) => mirror.readSetup)
  const change = (wanted: boolean) =>
    void run(async () => {
      await api.system.setAutostart({ on: wanted })
      await readSetup()
    })
  return (
    <SettingRow anchor="autostart" name={t('settings.autostart')} text={t('settings.autostart.text')}>
      {() => <Check checked={on} onChange={change} label={t('settings.autostart')} />}
    </SettingRow>
  )
}
