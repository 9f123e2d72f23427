import { useCallback } from 'react'
import type { Question } from '../../../shared/contract/approvals.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { type Action, useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import type { Answer } from './question-panel.tsx'

/** Sends the person's answer to main. The question leaves the screen when main says it is settled. */
export function useAnswer(): { busy: Action['busy']; answer: (question: Question, answer: Answer) => void } {
  const api = useApi()
  const { t } = useWords()
  const toast = useMirror((mirror) => mirror.toast)
  const { busy, run } = useAction()
  const answer = useCallback(
    (question: Question, given: Answer) =>
      void run(async () => {
        const { decided } = await api.approvals.decide(
          given.decision === 'deny'
            ? { id: question.id, decision: 'deny', ...(given.reason ? { reason: given.reason } : {}) }
            : {
                id: question.id,
                decision: 'allow',
                scope: given.scope,
                count: given.count,
                ...(given.answers ? { answers: given.answers } : {}),
                ...(given.until === undefined ? {} : { until: given.until as EpochMs }),
              },
        )
        if (decided)
          toast('ok', t(given.decision === 'allow' ? 'question.allowed' : 'question.denied', { title: question.title }))
        else toast('info', t('question.already'))
      }),
    [api, run, t, toast],
  )
  return { busy, answer }
}
