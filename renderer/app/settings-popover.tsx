import { Palette } from 'lucide-react'
import { Popover } from 'radix-ui'
import { Field, Select } from '../ui/field.tsx'
import type { Theme } from './appearance.ts'
import { useAction, useApi, useMirror } from './gatehouse-context.tsx'
import { type Language, useWords } from './words.tsx'

/** The quick way to language and theme; everything else is on the settings screen. */
export function SettingsPopover() {
  const { t } = useWords()
  return (
    <Popover.Root>
      <Popover.Trigger className="flex w-full items-center gap-3 rounded-lg px-3 py-2 text-left text-sm font-medium text-wall-muted hover:bg-wall-raised/60 hover:text-wall-ink">
        <Palette aria-hidden="true" className="size-4.5 shrink-0" />
        {t('settings.quick')}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={12}
          aria-label={t('settings.quick')}
          className="z-30 w-72 animate-rise rounded-xl border border-line bg-surface p-4 shadow-dialog"
        >
          <AppearanceFields />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function AppearanceFields() {
  const { t } = useWords()
  const api = useApi()
  const action = useAction()
  const language = useMirror((mirror) => mirror.setup?.language ?? 'en')
  const theme = useMirror((mirror) => mirror.setup?.theme ?? 'system')
  const readSetup = useMirror((mirror) => mirror.readSetup)
  const change = (appearance: { language?: Language; theme?: Theme }) =>
    action.run(async () => {
      await api.system.setAppearance(appearance)
      await readSetup()
    })
  return (
    <div className="space-y-4">
      <Field label={t('settings.language')}>
        {(ids) => (
          <Select
            {...ids}
            value={language}
            onChange={(event) => void change({ language: event.target.value as Language })}
          >
            <option value="en">English</option>
            <option value="ro">Română</option>
          </Select>
        )}
      </Field>
      <Field label={t('settings.theme')}>
        {(ids) => (
          <Select {...ids} value={theme} onChange={(event) => void change({ theme: event.target.value as Theme })}>
            <option value="system">{t('settings.theme.system')}</option>
            <option value="light">{t('settings.theme.light')}</option>
            <option value="dark">{t('settings.theme.dark')}</option>
          </Select>
        )}
      </Field>
    </div>
  )
}
