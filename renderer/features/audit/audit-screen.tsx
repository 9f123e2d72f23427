import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { auditEntry } from '../../../shared/contract/audit.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { AuditDetail } from './audit-detail.tsx'
import { AuditFilters, type Filter, noFilter } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'
import { ExportButton, VerifyButton } from './audit-tools.tsx'

export type AuditEntry = z.output<typeof auditEntry>
const pageSize = 100

/** Everything that was asked, answered and refused, newest first. */
export function AuditScreen() {
  const { t } = useWords()
  const [filter, setFilter] = useState<Filter>(noFilter)
  const [shown, setShown] = useState<AuditEntry>()
  const key = JSON.stringify(filter)
  const reading = useReading((api) => api.audit.list({ limit: pageSize, ...given(filter) }), key)
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
        {(first) => (
          <Entries
            key={`${key} ${first.entries[0]?.seq ?? 0}`}
            first={first}
            filter={filter}
            onShow={setShown}
            onReload={reading.again}
          />
        )}
      </ReadingView>
      {shown && <AuditDetail entry={shown} onClose={() => setShown(undefined)} />}
    </Page>
  )
}

interface EntriesProps {
  readonly first: { readonly entries: readonly AuditEntry[]; readonly total: number }
  readonly filter: Filter
  readonly onShow: (entry: AuditEntry) => void
  readonly onReload: () => void
}

function Entries({ first, filter, onShow, onReload }: EntriesProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [older, setOlder] = useState<readonly AuditEntry[]>([])
  const [done, setDone] = useState(first.entries.length < pageSize)
  const entries = [...first.entries, ...older]
  const last = entries.at(-1)
  if (!last) {
    return (
      <Empty icon={<ScrollText />} title={t('audit.none.title')}>
        {t('audit.none.text')}
      </Empty>
    )
  }
  const readOlder = () =>
    void run(async () => {
      const page = await api.audit.list({ limit: pageSize, before: last.seq, ...given(filter) })
      setOlder((before) => [...before, ...page.entries])
      setDone(page.entries.length < pageSize)
    })
  return (
    <>
      <AuditTable entries={entries} onShow={onShow} />
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3 text-sm text-muted">
        <span>{t('audit.count', { shown: entries.length, total: first.total })}</span>
        <span className="flex gap-2">
          <Button size="small" onClick={onReload}>
            {t('readAgain')}
          </Button>
          {!done && (
            <Button size="small" disabled={busy} onClick={readOlder}>
              {t('audit.older')}
            </Button>
          )}
        </span>
      </div>
    </>
  )
}

/** Only what was filled in. */
function given(filter: Filter): Partial<Filter> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
}
