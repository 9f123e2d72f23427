import { BadgeCheck, History } from 'lucide-react'
import { useEffect } from 'react'
import type { z } from 'zod'
import type { approval } from '../../../shared/contract/approvals.ts'
import { useArrival } from '../../app/arrival.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import type { Tone } from '../../ui/ui.ts'
import { openQuestion } from './open-question.ts'
import { QuestionCard } from './question-card.tsx'
import { SameAnswers } from './same-answers.tsx'

type Approval = z.output<typeof approval>
const tones: Record<Approval['state'], Tone> = {
  pending: 'accent',
  approved: 'ok',
  denied: 'danger',
  expired: 'warn',
  cancelled: 'plain',
}

/** Questions that wait, and what became of earlier ones. */
export function ApprovalsScreen({ selected }: { selected: string | undefined }) {
  const { t } = useWords()
  const questions = useMirror((mirror) => mirror.questions)
  const revision = useMirror((mirror) => mirror.revision.approvals)
  const waits = questions.some(({ id }) => id === selected)
  useEffect(() => {
    if (waits && selected !== undefined) queueMicrotask(() => openQuestion(selected)) // once the dialog, drawn after this, listens
  }, [waits, selected])
  const reading = useReading((api) => api.approvals.list({ limit: 200 }), revision)
  return (
    <Page title={t('nav.approvals')} lead={t('approvals.lead')}>
      <Section title={t('approvals.open')}>
        {questions.length === 0 ? (
          <Empty icon={<BadgeCheck />} title={t('approvals.none.title')}>
            {t('approvals.none.text')}
          </Empty>
        ) : (
          <ul className="space-y-3">
            {questions.map((question) => (
              <QuestionCard key={question.id} question={question} />
            ))}
          </ul>
        )}
      </Section>
      <SameAnswers />
      <Section title={t('approvals.history')} hint={t('approvals.history.hint')}>
        <ReadingView reading={reading}>
          {({ approvals }) => (
            <HistoryTable
              approvals={approvals.filter((one) => one.state !== 'pending')}
              selected={waits ? undefined : selected}
            />
          )}
        </ReadingView>
      </Section>
    </Page>
  )
}

function HistoryTable({ approvals, selected }: { approvals: readonly Approval[]; selected: string | undefined }) {
  const { t, when } = useWords()
  useArrival(selected, true)
  if (approvals.length === 0) {
    return (
      <Empty icon={<History />} title={t('approvals.history.none.title')}>
        {t('approvals.history.none.text')}
      </Empty>
    )
  }
  const columns: Column<Approval>[] = [
    {
      id: 'when',
      title: t('column.when'),
      cell: (row) => when(row.decidedAt ?? row.createdAt),
      className: 'whitespace-nowrap text-muted',
    },
    {
      id: 'title',
      title: t('column.question'),
      cell: (row) => (
        <>
          <ExactText text={row.title} />
          {row.reason && (
            <span className="block text-xs text-muted">{t('approvals.reason', { reason: row.reason })}</span>
          )}
        </>
      ),
    },
    {
      id: 'state',
      title: t('column.answer'),
      cell: (row) => <Badge tone={tones[row.state]}>{t(`approval.${row.state}`)}</Badge>,
    },
    {
      id: 'scope',
      title: t('column.scope'),
      cell: (row) => (row.scope && row.state === 'approved' ? t(`scope.${row.scope}`) : ''),
    },
  ]
  return (
    <Table
      label={t('approvals.history')}
      columns={columns}
      rows={approvals}
      rowKey={(row) => row.id}
      rowPlace={(row) => row.id}
    />
  )
}
