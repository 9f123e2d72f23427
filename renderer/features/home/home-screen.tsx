import { Activity } from 'lucide-react'
import { useMemo } from 'react'
import type { LiveCall } from '../../../shared/contract/sessions.ts'
import { useMirror, useMirrored } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { routeTo } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Dot } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import type { Tone } from '../../ui/ui.ts'
import { QuestionCard } from '../approvals/question-card.tsx'
import { RefusedHosts } from '../servers/refused-hosts.tsx'
import { HealthSentence } from './health-sentence.tsx'
import { IntegrityNotice } from './integrity-notice.tsx'
import { Suggestions } from './suggestions.tsx'
import { Today } from './today.tsx'

/** Is everything all right, what waits for an answer, what happened today, what to do next, what is being called now. */
export function HomeScreen() {
  const { t } = useWords()
  const questions = useMirror((mirror) => mirror.questions)
  const setup = useMirror((mirror) => mirror.setup)
  const calls = useMirrored('calls')
  return (
    <Page title={t('nav.home')}>
      <HealthSentence />
      <IntegrityNotice />
      {setup && setup.notices.length > 0 && (
        <div className="mt-4 space-y-2">
          {setup.notices.map((notice) => (
            <Notice key={notice} tone="accent">
              {notice}
            </Notice>
          ))}
        </div>
      )}
      <div className="mt-4 empty:hidden">
        <RefusedHosts />
      </div>
      {questions.length > 0 && (
        <div className="mt-8">
          <Section title={t('home.waiting', { count: questions.length })}>
            <ul className="space-y-3">
              {questions.map((question) => (
                <QuestionCard key={question.id} question={question} />
              ))}
            </ul>
          </Section>
        </div>
      )}
      <div className="mt-8">
        <Today />
      </div>
      <Suggestions />
      <div className="mt-8">
        <Section title={t('home.calls')} hint={t('home.calls.hint')}>
          <ReadingView reading={calls}>{(value) => <Calls calls={value} />}</ReadingView>
        </Section>
      </div>
    </Page>
  )
}

const tones: Record<LiveCall['stage'], Tone> = {
  received: 'accent',
  waiting: 'warn',
  running: 'accent',
  done: 'ok',
  refused: 'danger',
  failed: 'danger',
}
const moving: readonly LiveCall['stage'][] = ['received', 'waiting', 'running']

function Calls({ calls }: { calls: readonly LiveCall[] }) {
  const { t } = useWords()
  const columns = useColumns()
  if (calls.length === 0) {
    return (
      <Empty
        icon={<Activity />}
        title={t('home.calls.none.title')}
        action={
          <a href={routeTo('sessions')} className="text-sm font-medium text-accent underline underline-offset-4">
            {t('home.calls.none.action')}
          </a>
        }
      >
        {t('home.calls.none.text')}
      </Empty>
    )
  }
  return <Table label={t('home.calls')} columns={columns} rows={calls} rowKey={(row) => row.callId} />
}

/** The same ones until the language changes, so that only calls that moved are drawn again. */
function useColumns(): readonly Column<LiveCall>[] {
  const { t, when, duration } = useWords()
  return useMemo(
    () => [
      {
        id: 'at',
        title: t('column.when'),
        cell: (row) => when(row.at),
        className: 'whitespace-nowrap text-muted tabular-nums',
      },
      {
        id: 'client',
        title: t('column.app'),
        cell: (row) => <ExactText text={row.client} />,
        className: 'whitespace-nowrap',
      },
      {
        id: 'entry',
        title: t('column.tool'),
        cell: (row) => (
          <code className="font-mono text-xs break-all">
            <ExactText text={row.entry} />
          </code>
        ),
      },
      {
        id: 'stage',
        title: t('column.state'),
        cell: (row) => (
          <Dot tone={tones[row.stage]} busy={moving.includes(row.stage)}>
            {t(`call.${row.stage}`)}
            {row.code && <Why code={row.code} />}
          </Dot>
        ),
      },
      {
        id: 'duration',
        title: t('column.duration'),
        cell: (row) => (row.durationMs === undefined ? '' : duration(row.durationMs)),
        className: 'text-right whitespace-nowrap text-muted tabular-nums',
      },
    ],
    [t, when, duration],
  )
}

/** Why a call did not happen, in words; a code the window has none for is shown as it is. */
const whys = {
  'policy.denied': 'call.why.rule',
  'approvals.denied': 'call.why.you',
  'approvals.expired': 'call.why.unanswered',
  'approvals.cancelled': 'call.why.withdrawn',
  'call.cancelled': 'call.why.withdrawn',
  'call.withdrawn': 'call.why.withdrawn',
  'catalog.quarantined': 'call.why.held',
} as const

function Why({ code }: { code: string }) {
  const { t } = useWords()
  const known = Object.entries(whys).find(([one]) => one === code)?.[1]
  return known ? <span>{t(known)}</span> : <span className="font-mono text-xs">{code}</span>
}
