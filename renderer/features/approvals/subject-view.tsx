import type { ReactNode } from 'react'
import type { Question } from '../../../shared/contract/approvals.ts'
import { useWords } from '../../app/words.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { lineDiff } from '../../ui/line-diff.ts'
import { type Tab, Tabs } from '../../ui/tabs.tsx'
import { AddressView } from './address-view.tsx'
import { ArgumentList } from './argument-list.tsx'
import { ProgramLine } from './asker.tsx'
import { RiskBadge } from './risk-badge.tsx'

type Subject = Question['subject']
type PlanSubject = Extract<Subject, { kind: 'plan' }>
type CallSubject = Extract<Subject, { kind: 'call' }>

/** What would happen, exactly. */
export function SubjectView({ subject, question }: { subject: Subject; question: Question }) {
  const { t } = useWords()
  switch (subject.kind) {
    case 'call':
      return <CallView subject={subject} />
    case 'pair':
      return (
        <div className="space-y-3 text-sm">
          <p>{t(subject.apiKey ? 'question.key.text' : 'question.pair.text')}</p>
          {subject.userCode && (
            <Boxed title={t('question.pair.code')}>
              <code className="font-mono text-lg font-semibold tracking-widest">{subject.userCode}</code>
            </Boxed>
          )}
          {(question.program || subject.apiKey) && (
            <Boxed title={t('question.pair.now')}>
              {question.program ? <ProgramLine program={question.program} /> : t('question.program.unknown')}
            </Boxed>
          )}
          {subject.previous && (
            <Boxed title={t(subject.apiKey ? 'question.key.previous' : 'question.pair.previous')}>
              <ProgramLine program={subject.previous} />
            </Boxed>
          )}
        </div>
      )
    case 'verb':
      return (
        <div className="space-y-3 text-sm">
          <p>{t(subject.proposed ? 'question.proposed.text' : 'question.verb.text')}</p>
          <ExactBlock text={subject.verb} label={t('question.verb.label')} />
          <ul className="list-disc space-y-1 pl-5">
            {subject.details.map((detail) => (
              <li key={detail}>
                <ExactText text={detail} />
              </li>
            ))}
          </ul>
        </div>
      )
    case 'scripts':
      return (
        <div className="space-y-3 text-sm">
          <p>{t('question.scripts.text')}</p>
          <ExactBlock text={subject.commands.join('\n')} label={t('question.scripts.label')} />
        </div>
      )
    case 'elicitation':
      return (
        <div className="space-y-3 text-sm">
          <p>{t('question.elicitation.text', { server: subject.server, tool: subject.tool })}</p>
          <ExactBlock text={subject.message} label={t('question.elicitation.label')} />
          {subject.url && <AddressView title={t('question.elicitation.url')} text={subject.url} />}
        </div>
      )
    case 'plan':
      return <PlanView subject={subject} />
    case 'host':
      return (
        <div className="space-y-3 text-sm">
          <p>{t('question.host.text', { server: subject.server })}</p>
          <ExactBlock text={subject.host} label={t('question.host.label')} />
        </div>
      )
  }
}

function Boxed({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="rounded-lg border border-line bg-sunken px-3 py-2">
      <p className="text-xs font-semibold text-muted">{title}</p>
      <div className="break-words">{children}</div>
    </div>
  )
}

/** Every step with its exact arguments. */
function PlanView({ subject }: { subject: PlanSubject }) {
  const { t } = useWords()
  return (
    <div className="space-y-4 text-sm">
      <p>{t('question.plan.text')}</p>
      <ol className="space-y-4">
        {subject.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps are what they are, in this order, and may repeat
          <li key={index} className="rounded-lg border border-line px-4 py-3">
            <p className="mb-2 flex flex-wrap items-center gap-3 font-medium">
              <ExactText text={t('question.plan.step', { number: index + 1, title: step.title })} />
              <RiskBadge risk={step.risk} />
            </p>
            <ul className="mb-2 list-disc pl-5 text-muted">
              {step.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
            <ArgumentList value={step.arguments} empty={t('question.arguments.none')} />
          </li>
        ))}
      </ol>
    </div>
  )
}

function CallView({ subject }: { subject: CallSubject }) {
  const { t } = useWords()
  const paths = subject.paths.filter((path) => path !== subject.diff?.path) // the preview is headed by its own
  return (
    <div className="space-y-4">
      {subject.commands.map((command) => (
        <Listed key={command} title={t('question.command')} text={command} />
      ))}
      {subject.urls.map((url) => (
        <AddressView key={url} title={t('question.urls')} text={url} />
      ))}
      {paths.length > 0 && <Listed title={t('question.paths')} text={paths.join('\n')} />}
      {subject.answers !== undefined && (
        <Listed title={t('question.answers')} text={JSON.stringify(subject.answers, null, 2)} />
      )}
      <Tabs label={t('question.details')} tabs={tabsOf(subject, t)} />
    </div>
  )
}

function Listed({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <p className="mb-1 text-xs font-semibold text-muted">{title}</p>
      <ExactBlock text={text} label={title} />
    </div>
  )
}

function tabsOf(subject: CallSubject, t: ReturnType<typeof useWords>['t']): Tab[] {
  const pretty = JSON.stringify(subject.arguments, null, 2)
  const tabs: Tab[] = []
  if (subject.diff) {
    tabs.push({
      id: 'diff',
      label: t('question.diff'),
      content: (
        <>
          <p className="mb-2 font-mono text-xs break-words">
            <ExactText text={subject.diff.path} />
          </p>
          <DiffView lines={subject.diff.lines} label={t('question.diff')} />
          {subject.diff.truncated && <p className="mt-2 text-xs text-warn">{t('question.diff.truncated')}</p>}
        </>
      ),
    })
  }
  tabs.push({
    id: 'arguments',
    label: t('question.arguments'),
    content: <ArgumentList value={subject.arguments} empty={t('question.arguments.none')} />,
  })
  if (subject.lastApproved !== undefined) {
    tabs.push({
      id: 'last',
      label: t('question.last'),
      content: (
        <DiffView lines={lineDiff(JSON.stringify(subject.lastApproved, null, 2), pretty)} label={t('question.last')} />
      ),
    })
  }
  tabs.push({ id: 'raw', label: t('question.raw'), content: <ExactBlock text={pretty} label={t('question.raw')} /> })
  return tabs
}
