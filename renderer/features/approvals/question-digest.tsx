import { useMemo } from 'react'
import type { Question } from '../../../shared/contract/approvals.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { RiskBadge } from './risk-badge.tsx'

/** From so many questions of calls at once they are shown as a list first. */
const digestFrom = 4

/**
 * The questions to be shown as a list; undefined when the next one is to be shown by itself.
 * @param picked the person wants to see this one
 */
export function burstOf(waiting: readonly Question[], picked: Question | undefined): readonly Question[] | undefined {
  const calls = waiting.filter(({ subject }) => subject.kind === 'call')
  const isNext = picked === undefined && waiting[0]?.subject.kind === 'call'
  return isNext && calls.length >= digestFrom ? calls : undefined
}

interface QuestionDigestProps {
  readonly questions: readonly Question[]
  readonly title: (text: string) => React.ReactNode
  readonly onOpen: (id: string) => void
  /** Left out where there is nothing behind the list to come back to. */
  readonly onLater?: () => void
}

/** A burst of questions in one calm list: it can only deny, or open them one by one. Nothing is allowed from here. */
export function QuestionDigest({ questions, title, onOpen, onLater }: QuestionDigestProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const toast = useMirror((mirror) => mirror.toast)
  const byClient = useMemo(() => [...Map.groupBy(questions, ({ client }) => client)], [questions])
  const denyAll = () =>
    void run(async () => {
      for (const { id } of questions) await api.approvals.decide({ id, decision: 'deny' })
    }).then((done) => done && toast('ok', t('digest.deniedAll')))
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 space-y-4 overflow-y-auto px-6 py-5">
        {title(t('digest.title', { count: questions.length }))}
        <p className="text-sm text-muted">{t('digest.lead')}</p>
        {byClient.map(([client, of]) => (
          <section key={client} aria-label={t('digest.of', { client })}>
            <p className="mb-2 text-sm font-semibold">
              <ExactText text={t('digest.of', { client })} />
            </p>
            <ul className="divide-y divide-line/70 rounded-lg border border-line">
              {of.map((question) => (
                <li key={question.id} className="flex flex-wrap items-center gap-3 px-4 py-2.5 text-sm">
                  <RiskBadge risk={question.risk} />
                  <span className="min-w-40 flex-1 break-words">
                    <ExactText text={question.title} />
                  </span>
                  <Button
                    size="small"
                    aria-label={t('digest.open', { title: question.title })}
                    onClick={() => onOpen(question.id)}
                  >
                    {t('question.open')}
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t border-line bg-panel px-6 py-4">
        {onLater && (
          <Button look="quiet" onClick={onLater}>
            {t('question.later')}
          </Button>
        )}
        <Button disabled={busy} onClick={denyAll}>
          {t('digest.denyAll')}
        </Button>
      </div>
    </div>
  )
}
