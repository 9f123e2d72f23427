import { Archive, KeyRound, Power, UserSearch } from 'lucide-react'
import { useState } from 'react'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { BackupsDialog } from '../backups/backups-dialog.tsx'
import { PrivacyDialog } from '../privacy/privacy-dialog.tsx'
import { OperatorDialog } from './operator-dialog.tsx'
import { SettingRow } from './setting-row.tsx'
import { StopDialog } from './stop-dialog.tsx'

export function OperatorRow() {
  const { t } = useWords()
  const isSet = useMirror((mirror) => mirror.setup?.operatorSet ?? false)
  const [open, setOpen] = useState(false)
  return (
    <SettingRow anchor="operator" name={t('settings.operator')} text={t('settings.operator.text')}>
      {() => (
        <>
          <Button icon={<KeyRound aria-hidden="true" className="size-4" />} onClick={() => setOpen(true)}>
            {t(isSet ? 'settings.operator.change' : 'settings.operator.set')}
          </Button>
          {open && <OperatorDialog isSet={isSet} onClose={() => setOpen(false)} />}
        </>
      )}
    </SettingRow>
  )
}

export function KeysRow() {
  const { t } = useWords()
  const keychain = useMirror((mirror) => mirror.setup?.keychain ?? 'system')
  return (
    <SettingRow anchor="keys" name={t('settings.keys')} text={t('settings.keys.text')}>
      {() => <p className="text-sm font-medium">{t(`settings.keys.${keychain}`)}</p>}
    </SettingRow>
  )
}

export function BackupsRow() {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <SettingRow anchor="backups" name={t('backups.title')} text={t('settings.backups.text')}>
      {() => (
        <>
          <Button icon={<Archive aria-hidden="true" className="size-4" />} onClick={() => setOpen(true)}>
            {t('settings.backups.open')}
          </Button>
          {open && <BackupsDialog onClose={() => setOpen(false)} />}
        </>
      )}
    </SettingRow>
  )
}

export function PrivacyRow() {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <SettingRow anchor="privacy" name={t('privacy.title')} text={t('privacy.row.text')}>
      {() => (
        <>
          <Button icon={<UserSearch aria-hidden="true" className="size-4" />} onClick={() => setOpen(true)}>
            {t('privacy.open')}
          </Button>
          {open && <PrivacyDialog onClose={() => setOpen(false)} />}
        </>
      )}
    </SettingRow>
  )
}

export function FileRow({ file }: { file: string }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [found, setFound] = useState<readonly string[]>()
  const check = () =>
    void run(async () => {
      const { problems, notices } = await api.config.check()
      setFound([...problems, ...notices])
    })
  const notes = (
    <>
      <p className="mt-2 font-mono text-xs break-all text-muted">
        <ExactText text={file} />
      </p>
      <div role="status" className="mt-3 space-y-2 empty:hidden">
        {found?.length === 0 && <Notice tone="ok">{t('settings.file.fine')}</Notice>}
        {found?.map((one) => (
          <Notice key={one} tone="warn">
            <ExactText text={one} />
          </Notice>
        ))}
      </div>
    </>
  )
  return (
    <SettingRow anchor="file" name={t('settings.file')} text={t('settings.file.text')} notes={notes}>
      {() => (
        <Button disabled={busy} onClick={check}>
          {t('settings.file.check')}
        </Button>
      )}
    </SettingRow>
  )
}

export function StopRow() {
  const { t } = useWords()
  const [stopping, setStopping] = useState(false)
  return (
    <SettingRow anchor="stop" name={t('settings.stop')} text={t('settings.stop.hint')}>
      {() => (
        <>
          <Button
            look="danger-quiet"
            icon={<Power aria-hidden="true" className="size-4" />}
            onClick={() => setStopping(true)}
          >
            {t('settings.stop')}
          </Button>
          {stopping && <StopDialog onClose={() => setStopping(false)} />}
        </>
      )}
    </SettingRow>
  )
}
