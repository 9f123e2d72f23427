import { ArrowUp, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { AuditDetail } from './audit-detail.tsx'
import { AuditFilters, type Filter, noFilter } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'
import { VerifyButton } from './audit-verification.tsx'
import { ExportButton } from './export-button.tsx'
import { type AuditEntry, pageSize } from './live-entries.ts'
import { RetentionNote } from './retention-note.tsx'
import { given, useLiveEntries } from './use-live-entries.ts'

/** Everything that was asked, answered and refused, newest first; new entries come in by themselves. */
export function AuditScreen() {
  const { t } = useWords()
  const [filter, setFilter] = useState<Filter>(noFilter)
  const [shown, setShown] = useState<AuditEntry>()
  const reading = useReading(
    async (api) => ({ filter, first: await api.audit.list({ limit: pageSize, ...given(filter) }) }),
    JSON.stringify(filter),
  )
  return (
    <Page
      title={t('nav.audit')}
      lead={t('audit.lead')}
      actions={
        <>
          <ExportButton />
          <VerifyButton />
        </>
      }
    >
      <AuditFilters filter={filter} onChange={setFilter} />
      <ReadingView reading={reading}>
        {(read) => <Entries key={JSON.stringify(read.filter)} {...read} onShow={setShown} />}
      </ReadingView>
      <RetentionNote />
      {shown && <AuditDetail entry={shown} onClose={() => setShown(undefined)} />}
    </Page>
  )
}

interface EntriesProps {
  readonly first: { readonly entries: readonly AuditEntry[]; readonly total: number }
  readonly filter: Filter
  readonly onShow: (entry: AuditEntry) => void
}

function Entries({ first, filter, onShow }: EntriesProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { entries, total, done, waiting, catchUp, addOlder } = useLiveEntries(first, filter)
  const last = entries.at(-1)
  if (!last) {
    return (
      <Empty icon={<ScrollText />} title={t('audit.none.title')}>
        {t('audit.none.text')}
      </Empty>
    )
  }
  const readOlder = () =>
    void run(async () => addOlder(await api.audit.list({ limit: pageSize, before: last.seq, ...given(filter) })))
  return (
    <div>
      <div role="status" className="sticky top-4 z-10 flex h-0 items-start justify-center">
        {waiting > 0 && (
          <Button
            look="primary"
            size="small"
            className="shadow-card"
            icon={<ArrowUp aria-hidden="true" className="size-4" />}
            onClick={catchUp}
          >
            {t('audit.fresh', { count: waiting })}
          </Button>
        )}
      </div>
      <AuditTable entries={entries} onShow={onShow} />
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <span>{t('audit.count', { shown: entries.length, total })}</span>
        {!done && (
          <Button size="small" disabled={busy} onClick={readOlder}>
            {t('audit.older')}
          </Button>
        )}
      </div>
    </div>
  )
}
