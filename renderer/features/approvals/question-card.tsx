import type { Question } from '../../../shared/contract/approvals.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { cx, type Tone } from '../../ui/ui.ts'
import { Countdown } from './countdown.tsx'
import { openQuestion } from './open-question.ts'
import { RiskBadge, riskTones } from './risk-badge.tsx'
import { useAnswer } from './use-answer.ts'

const edges: Record<Tone, string> = {
  plain: 'border-l-edge',
  accent: 'border-l-accent',
  ok: 'border-l-ok',
  warn: 'border-l-warn',
  danger: 'border-l-danger',
}

/** A waiting question in a list: can be opened or denied, never allowed from here, where its contents are not shown. */
export function QuestionCard({ question }: { question: Question }) {
  const { t } = useWords()
  const { busy, answer } = useAnswer()
  return (
    <li
      className={cx(
        'flex flex-wrap items-center gap-4 rounded-xl border border-l-4 border-line bg-surface px-5 py-4 shadow-card',
        edges[riskTones[question.risk]],
      )}
    >
      <div className="min-w-60 flex-1">
        <p className="font-medium break-words">
          <ExactText text={question.title} />
        </p>
        <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
          <RiskBadge risk={question.risk} />
          {question.count > 1 && (
            <span className="text-xs text-muted">{t('question.identical', { count: question.count })}</span>
          )}
          <Countdown expiresAt={question.expiresAt} />
        </div>
      </div>
      <div className="flex gap-2">
        <Button disabled={busy} onClick={() => answer(question, { decision: 'deny' })}>
          {t('question.deny')}
        </Button>
        <Button look="primary" onClick={() => openQuestion(question.id)}>
          {t('question.open')}
        </Button>
      </div>
    </li>
  )
}
