import { ArrowUp, ScrollText } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { AuditDetail } from './audit-detail.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'
import { VerifyButton } from './audit-verification.tsx'
import { ExportButton } from './export-button.tsx'
import { type Filter, noFilter } from './filter.ts'
import { given } from './given.ts'
import { type AuditEntry, type EntryPage, pageSize } from './live-entries.ts'
import { RetentionNote } from './retention-note.tsx'
import { type AuditRows, useFoundEntries, useWholeLog } from './use-audit-rows.ts'

/** Everything that was asked, answered and refused, newest first; new entries come in by themselves. */
export function AuditScreen({ selected }: { selected: string | undefined }) {
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
        {(read) => (
          <Entries
            key={JSON.stringify(read.filter)}
            {...read}
            linked={selected === undefined ? undefined : Number(selected)}
            onShow={setShown}
            onGrown={reading.again}
          />
        )}
      </ReadingView>
      <RetentionNote />
      {selected !== undefined && <LinkedEntry key={selected} seq={Number(selected)} />}
      {shown && <AuditDetail entry={shown} onClose={() => setShown(undefined)} />}
    </Page>
  )
}

/** The entry an address names, wherever in the log it is. */
function LinkedEntry({ seq }: { seq: number }) {
  const { t } = useWords()
  const toast = useMirror((mirror) => mirror.toast)
  const { value } = useReading(async (api) => {
    const known = Number.isSafeInteger(seq) && seq > 0
    const { entries } = known ? await api.audit.list({ limit: 1, before: seq + 1 }) : { entries: [] }
    return entries[0]?.seq === seq ? entries[0] : 'gone'
  }, seq)
  useEffect(() => {
    if (value === 'gone') toast('info', t('link.gone'))
  }, [value, toast, t])
  return value !== undefined && value !== 'gone' && <AuditDetail entry={value} onClose={() => go('audit')} />
}

interface EntriesProps {
  readonly first: EntryPage
  readonly filter: Filter
  /** Number of the entry an address names. */
  readonly linked: number | undefined
  readonly onShow: (entry: AuditEntry) => void
  readonly onGrown: () => void
}

function Entries(props: EntriesProps) {
  if (props.first.entries.length === 0) return <NothingYet {...props} />
  const isWhole = Object.keys(given(props.filter)).length === 0
  return isWhole ? <WholeLog {...props} /> : <FoundEntries {...props} />
}

/** Looks again when there is something new. */
function NothingYet({ onGrown }: EntriesProps) {
  const { t } = useWords()
  const auditSeq = useMirror((mirror) => mirror.auditSeq)
  const known = useRef(auditSeq)
  useEffect(() => {
    if (known.current === auditSeq) return
    known.current = auditSeq
    onGrown()
  }, [auditSeq, onGrown])
  return (
    <Empty icon={<ScrollText />} title={t('audit.none.title')}>
      {t('audit.none.text')}
    </Empty>
  )
}

function WholeLog({ first, linked, onShow }: EntriesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  return <Rows rows={useWholeLog(first, scroller)} linked={linked} scroller={scroller} onShow={onShow} />
}

function FoundEntries({ first, filter, onShow }: EntriesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  return <Rows rows={useFoundEntries(first, filter, scroller)} scroller={scroller} onShow={onShow} />
}

interface RowsProps {
  readonly rows: AuditRows
  readonly linked?: number | undefined
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly onShow: (entry: AuditEntry) => void
}

function Rows({ rows, linked, scroller, onShow }: RowsProps) {
  const { t, language } = useWords()
  const total = `${new Intl.NumberFormat(language).format(rows.total)}${rows.more ? '+' : ''}`
  return (
    <div>
      <div role="status" className="relative z-20 flex h-0 items-start justify-center">
        {rows.waiting > 0 && (
          <Button
            look="primary"
            size="small"
            className="mt-12 shadow-card"
            icon={<ArrowUp aria-hidden="true" className="size-4" />}
            onClick={rows.catchUp}
          >
            {t('audit.fresh', { count: rows.waiting })}
          </Button>
        )}
      </div>
      <AuditTable rows={rows} linked={linked} scroller={scroller} onShow={onShow} />
      <p className="mt-3 text-sm text-muted">{t('audit.total', { count: rows.total, total })}</p>
    </div>
  )
}
