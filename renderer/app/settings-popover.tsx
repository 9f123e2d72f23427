import { Archive, Power, Settings } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { BackupsDialog } from '../features/backups/backups-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Check, Field, Select } from '../ui/field.tsx'
import type { Theme } from './appearance.ts'
import { useAction, useApi, useMirror } from './gatehouse-context.tsx'
import { type Language, useWords } from './words.tsx'

/** Language, theme, starting at sign-in, backups, and stopping Gatehouse. */
export function SettingsPopover() {
  const { t } = useWords()
  const [stopping, setStopping] = useState(false)
  const [backingUp, setBackingUp] = useState(false)
  return (
    <>
      <Popover.Root>
        <Popover.Trigger className="flex w-full items-center gap-3 rounded-lg px-3 py-2 text-sm font-medium text-wall-muted hover:bg-wall-raised/60 hover:text-wall-ink">
          <Settings aria-hidden="true" className="size-4.5" />
          {t('settings.title')}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            side="top"
            align="start"
            sideOffset={8}
            collisionPadding={12}
            aria-label={t('settings.title')}
            className="z-30 w-72 animate-rise rounded-xl border border-line bg-surface p-4 shadow-dialog"
          >
            <AppearanceFields />
            <AutostartField />
            <div className="mt-4 space-y-2 border-t border-line pt-4">
              <Button
                icon={<Archive aria-hidden="true" className="size-4" />}
                className="w-full"
                onClick={() => setBackingUp(true)}
              >
                {t('backups.title')}
              </Button>
              <Button
                look="danger-quiet"
                icon={<Power aria-hidden="true" className="size-4" />}
                className="w-full"
                onClick={() => setStopping(true)}
              >
                {t('settings.stop')}
              </Button>
            </div>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {backingUp && <BackupsDialog onClose={() => setBackingUp(false)} />}
      {stopping && <StopDialog onClose={() => setStopping(false)} />}
    </>
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

/** Only where the shell can start when the person signs in. */
function AutostartField() {
  const { t } = useWords()
  const api = useApi()
  const action = useAction()
  const autostart = useMirror((mirror) => mirror.setup?.autostart)
  const readSetup = useMirror((mirror) => mirror.readSetup)
  if (autostart === undefined) return null
  const change = (on: boolean) =>
    action.run(async () => {
      await api.system.setAutostart({ on })
      await readSetup()
    })
  return (
    <div className="mt-4">
      <Check checked={autostart} onChange={(on) => void change(on)} label={t('settings.autostart')} />
    </div>
  )
}

function StopDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  return (
    <Dialog
      title={t('settings.stop.title')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="danger" disabled={busy} onClick={async () => (await run(() => api.system.stop())) && onClose()}>
            {t('settings.stop')}
          </Button>
        </>
      }
    >
      <p>{t('settings.stop.text')}</p>
    </Dialog>
  )
}
