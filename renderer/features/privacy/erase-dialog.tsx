import { useState } from 'react'
import type { ErasureResult } from '../../../shared/contract/privacy.ts'
import { useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LeftList } from './holding-list.tsx'
import { termsIn } from './privacy-terms.ts'
import { SearchProgress } from './search-progress.tsx'
import { useSearch } from './use-search.ts'

interface EraseDialogProps {
  readonly subject: string[]
  readonly called: string
  readonly onClose: () => void
}

/** Says what erasing does before it is done, and afterwards what went and what stays. */
export function EraseDialog({ subject, called, onClose }: EraseDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, watch, progress, search } = useSearch()
  const [done, setDone] = useState<ErasureResult>()
  const erase = () =>
    void search(async (mine) => setDone(await api.privacy.erase({ subject, called: called.trim(), watch: mine })))
  return (
    <Dialog
      wide
      title={done ? t('privacy.title') : t('privacy.erase.title')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        done ? (
          <Button onClick={onClose}>{t('close')}</Button>
        ) : (
          <>
            <Button look="quiet" disabled={busy} onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button look="danger" disabled={busy} onClick={erase}>
              {t('privacy.erase.confirm')}
            </Button>
          </>
        )
      }
    >
      {done ? (
        <Erased done={done} />
      ) : (
        <Notice tone="danger">
          <ul className="list-disc space-y-1 pl-4">
            {(['forever', 'log', 'memory', 'backups'] as const).map((one) => (
              <li key={one}>{t(`privacy.erase.${one}`)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {busy && <SearchProgress watch={watch} progress={progress} />}
    </Dialog>
  )
}

function Erased({ done }: { done: ErasureResult }) {
  const { t, language } = useWords()
  const { erased, kept, keptCounts, left, auditValid } = done
  const count = erased.reduce((sum, one) => sum + one.count, 0)
  const { privacyStores } = termsIn(language)
  const failed = left > 0 || keptCounts.some(({ why }) => why === 'failed')
  return (
    <div className="space-y-5">
      <Notice tone={!failed && auditValid ? 'ok' : 'danger'} alert>
        <p className="font-medium">{t('privacy.erased', { count })}</p>
        <p>{left === 0 ? t('privacy.erased.verified') : t('privacy.erased.left', { count: left })}</p>
        <p>{t(chainWords(auditValid))}</p>
      </Notice>
      <Facts facts={erased.map((one) => [privacyStores[one.store].name, one.count] as const)} />
      {kept.length > 0 && <LeftList title={t('privacy.kept')} left={kept} counts={keptCounts} />}
    </div>
  )
}

function chainWords(valid: boolean | undefined) {
  if (valid === undefined) return 'privacy.erased.chain.unchecked'
  return valid ? 'privacy.erased.chain' : 'privacy.erased.chain.broken'
}
