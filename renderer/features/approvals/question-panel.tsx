import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { Question } from '../../../shared/contract/approvals.ts'
import { isAtLeast } from '../../../shared/domain/verdict.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { cx } from '../../ui/ui.ts'
import { Asker } from './asker.tsx'
import { Countdown } from './countdown.tsx'
import { type Answers, ElicitationForm } from './elicitation-form.tsx'
import { RiskBadge } from './risk-badge.tsx'
import { type Scope, ScopeChoice } from './scope-choice.tsx'
import { SubjectView } from './subject-view.tsx'
import { type Until, untilMs } from './until.ts'
import { UntilField } from './until-field.tsx'
import { guardMs, useGuard } from './use-guard.ts'

export type Answer =
  | {
      readonly decision: 'allow'
      readonly scope: Scope
      readonly until?: number | undefined
      readonly count: number
      readonly answers?: Answers
    }
  | { readonly decision: 'deny'; readonly reason?: string | undefined }

export interface QuestionPanelProps {
  readonly question: Question
  /** This one's place among those waiting: "1 of 3". */
  readonly place: number
  readonly total: number
  readonly busy: boolean
  readonly onAnswer: (answer: Answer) => void
  readonly title: (text: string) => React.ReactNode
  /** Puts the question aside unanswered; left out where there is nothing else to see. */
  readonly onLater?: (() => void) | undefined
}

/**
 * One question: who asks, what would happen, why it is risky, what each "allow" would mean. A allows, D does not, arrows choose
 * how far. It never takes the focus to "Allow", and "Allow" does nothing in the first moment (see `useGuard`).
 */
export function QuestionPanel(props: QuestionPanelProps) {
  const { question, place, total, busy, onAnswer, title, onLater } = props
  const { t } = useWords()
  const [scope, setScope] = useState<Scope>(question.scopes[0]?.scope ?? 'once')
  const [until, setUntil] = useState<Until>('forever')
  const [date, setDate] = useState('')
  const [reason, setReason] = useState('')
  const [answers, setAnswers] = useState<Answers>({})
  const { subject } = question
  const start = useRef<HTMLDivElement>(null)
  const ready = useGuard(question.id, guardMs[question.risk]) && !busy
  const remembered = scope !== 'once' && scope !== 'session'
  useFocusOn(start, question.id)

  const allow = (count: number) => {
    if (ready)
      onAnswer({
        decision: 'allow',
        scope,
        until: remembered ? untilMs(until, Date.now(), date) : undefined,
        count,
        ...(subject.kind === 'elicitation' ? { answers } : {}),
      })
  }
  const deny = () => !busy && onAnswer({ decision: 'deny', reason: reason.trim() || undefined })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const key = event.key.toLowerCase()
    if (key === 'a') allow(1)
    else if (key === 'd') deny()
    else if (isArrow(event) && !ownsArrows(event.target)) setScope(neighbour(question.scopes, scope, event.key))
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are shortcuts for the buttons inside
    <div onKeyDown={onKeyDown} className="flex min-h-0 flex-1 flex-col short:block short:overflow-y-auto">
      <div
        ref={start}
        tabIndex={-1}
        className="min-h-0 flex-1 space-y-5 overflow-y-auto px-6 py-5 outline-none short:overflow-visible"
      >
        <div>
          <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
            <RiskBadge risk={question.risk} />
            {total > 1 && (
              <span className="text-xs font-medium text-muted">{t('question.place', { place, total })}</span>
            )}
            {question.count > 1 && <Badge tone="accent">{t('question.identical', { count: question.count })}</Badge>}
            <Countdown expiresAt={question.expiresAt} />
          </div>
          {title(question.title)}
        </div>
        <Asker question={question} />
        {question.reasons.length > 0 && (
          <ul
            aria-label={t('question.reasons')}
            className={cx('space-y-1 rounded-lg border-l-4 px-4 py-2.5 text-sm', reasonLooks[question.risk])}
          >
            {question.reasons.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        )}
        <SubjectView key={question.id} subject={subject} question={question} />
        {subject.kind === 'elicitation' && (
          <ElicitationForm fields={subject.fields} answers={answers} onChange={setAnswers} />
        )}
      </div>
      {question.scopes.length > 1 && (
        <div className="space-y-3 border-t border-line bg-panel px-6 pt-4">
          <ScopeChoice scopes={question.scopes} scope={scope} onChange={setScope} />
          {remembered && (
            <UntilField until={until} date={date} onChange={(chosen, day) => [setUntil(chosen), setDate(day)]} />
          )}
        </div>
      )}
      <div
        className={cx(
          'bg-panel px-6 pt-3 pb-4 short:sticky short:bottom-0 short:border-t short:border-line',
          question.scopes.length <= 1 && 'border-t border-line pt-4',
        )}
      >
        <form
          className="flex flex-wrap items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            deny()
          }}
        >
          <Input
            aria-label={t('question.reason')}
            placeholder={t('question.reason')}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
            className="min-w-64 flex-1"
          />
          <div className="ml-auto flex flex-wrap justify-end gap-2">
            {onLater && (
              <Button look="quiet" onClick={onLater}>
                {t('question.later')}
              </Button>
            )}
            <Button type="submit" aria-keyshortcuts="D" disabled={busy} className="min-h-10 px-5">
              {t('question.deny')}
              <Key name="D" />
            </Button>
            {question.count > 1 && scope === 'once' && (
              <Button
                aria-disabled={!ready}
                onClick={() => allow(question.count)}
                className="min-h-10 aria-disabled:opacity-60"
              >
                {t('question.allowThese', { number: question.count })}
              </Button>
            )}
            <Button
              look={isAtLeast(question.risk, 'high') ? 'danger' : 'primary'}
              aria-keyshortcuts="A"
              aria-disabled={!ready}
              onClick={() => allow(1)}
              className="min-h-10 px-5 aria-disabled:opacity-60"
            >
              {t(allowWord(question, scope))}
              <Key name="A" />
            </Button>
          </div>
        </form>
      </div>
    </div>
  )
}

function allowWord({ subject, count }: Question, scope: Scope) {
  if (subject.kind === 'elicitation') return subject.url ? 'question.elicitation.opened' : 'question.elicitation.send'
  return count > 1 && scope === 'once' ? 'question.allowOne' : 'question.allow'
}

const reasonLooks: Record<Question['risk'], string> = {
  low: 'border-ok/60 bg-ok-soft',
  medium: 'border-warn/60 bg-warn-soft',
  high: 'border-danger/60 bg-danger-soft',
  critical: 'border-danger bg-danger-soft font-medium',
}

function Key({ name }: { name: string }) {
  return (
    <span aria-hidden="true" className="rounded border border-current/35 px-1.5 font-mono text-[0.6875rem] leading-4">
      {name}
    </span>
  )
}

function useFocusOn(place: RefObject<HTMLElement | null>, key: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question begins at its top
  useEffect(() => {
    place.current?.focus()
    place.current?.scrollTo(0, 0)
  }, [place, key])
}

const isArrow = (event: KeyboardEvent) => event.key.startsWith('Arrow')

function isTyping(target: EventTarget): boolean {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  )
}

/** Tabs, radio buttons and scrolling blocks use the arrows themselves. */
function ownsArrows(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[role="tab"], [role="radio"], [data-scrolls]') !== null
}

function neighbour(scopes: Question['scopes'], scope: Scope, key: string): Scope {
  const step = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : -1
  const place = scopes.findIndex((offer) => offer.scope === scope)
  return scopes[(place + step + scopes.length) % scopes.length]?.scope ?? scope
}
