import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { NewPassphraseForm } from '../../app/new-passphrase-form.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

const form = 'recovery-passphrase'

/** Sets what opens backups, or another one for those to come. */
export function RecoveryPassphrase({ isSet, onChanged }: { isSet: boolean; onChanged: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [another, setAnother] = useState(false)
  const save = async (passphrase: string) => {
    if (!(await run(() => api.backup.setPassphrase({ passphrase }), t('backups.passphrase.done')))) return
    setAnother(false)
    onChanged()
  }
  return (
    <section aria-label={t('backups.passphrase')}>
      <h3 className="mb-2 text-sm font-semibold">{t('backups.passphrase')}</h3>
      {isSet && !another ? (
        <p className="flex flex-wrap items-center gap-3 text-sm">
          {t('backups.passphrase.isSet')}
          <Button size="small" onClick={() => setAnother(true)}>
            {t('backups.passphrase.another')}
          </Button>
        </p>
      ) : (
        <div className="space-y-4">
          <Notice tone="warn">
            {!isSet && <p className="font-medium">{t('backups.passphrase.missing')}</p>}
            <p>{t('backups.passphrase.write')}</p>
            {isSet && <p>{t('backups.passphrase.earlier')}</p>}
          </Notice>
          <NewPassphraseForm
            id={form}
            label={t('backups.passphrase')}
            onPassphrase={(passphrase) => void save(passphrase)}
          />
          <Button type="submit" form={form} look="primary" disabled={busy}>
            {t('backups.passphrase.save')}
          </Button>
        </div>
      )}
    </section>
  )
}
