import type { GatehouseEvents } from '../../../shared/contract/contract.ts'
import { useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Loading } from '../../ui/notice.tsx'
import { termsIn } from './privacy-terms.ts'

interface SearchProgressProps {
  readonly watch: string | undefined
  readonly progress: GatehouseEvents['privacy.progressed'] | undefined
}

export function SearchProgress({ watch, progress }: SearchProgressProps) {
  const { t, language } = useWords()
  const api = useApi()
  const store = progress ? termsIn(language).privacyStores[progress.store].name : '…'
  return (
    <div className="flex flex-wrap items-center gap-x-4">
      <Loading label={t('privacy.looking', { store })} />
      <progress
        className="h-2 min-w-32 flex-1 accent-accent"
        max={100}
        value={progress?.percent ?? 0}
        aria-label={t('privacy.progress')}
      />
      <Button size="small" disabled={watch === undefined} onClick={() => watch && void api.privacy.cancel({ watch })}>
        {t('privacy.stop')}
      </Button>
    </div>
  )
}
