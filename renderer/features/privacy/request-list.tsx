import { Inbox } from 'lucide-react'
import type { z } from 'zod'
import type { privacyRequest } from '../../../shared/contract/privacy.ts'
import type { Reading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { type Column, Table } from '../../ui/table.tsx'

type Request = z.output<typeof privacyRequest>

/** Requests there were, never whom they were about. */
export function RequestList({ reading }: { reading: Reading<{ requests: Request[] }> }) {
  const { t, date } = useWords()
  const columns: Column<Request>[] = [
    { id: 'kind', title: t('privacy.column.kind'), cell: ({ kind }) => t(`privacy.kind.${kind}`) },
    { id: 'called', title: t('privacy.column.called'), cell: ({ called }) => called },
    { id: 'made', title: t('privacy.column.made'), cell: ({ madeAt }) => date(madeAt) },
    {
      id: 'end',
      title: t('privacy.column.end'),
      cell: ({ outcome }) => (
        <Badge tone={outcome === 'done' ? 'ok' : outcome === 'failed' ? 'danger' : 'warn'}>
          {t(`privacy.outcome.${outcome ?? 'open'}`)}
        </Badge>
      ),
    },
  ]
  return (
    <ReadingView reading={reading}>
      {({ requests }) =>
        requests.length === 0 ? (
          <Empty icon={<Inbox />} title={t('privacy.requests.none')}>
            {t('privacy.requests.none.text')}
          </Empty>
        ) : (
          <Table label={t('privacy.tab.requests')} columns={columns} rows={requests} rowKey={({ id }) => id} />
        )
      }
    </ReadingView>
  )
}
