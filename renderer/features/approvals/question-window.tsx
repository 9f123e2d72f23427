import { ShieldCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { burstOf, QuestionDigest } from './question-digest.tsx'
import { QuestionPanel } from './question-panel.tsx'
import { useAnswer } from './use-answer.ts'

/**
 * The questions alone, filling a small window of their own; a burst as a list first. Escape answers "don't allow" here too, to
 * the one question shown and to no list; closing the window is main's to hear.
 */
export function QuestionWindow() {
  const { t } = useWords()
  const questions = useMirror((mirror) => mirror.questions)
  const { busy, answer } = useAnswer()
  const [first, setFirst] = useState<string>()
  const picked = questions.find(({ id }) => id === first)
  const question = picked ?? questions[0]
  const burst = burstOf(questions, picked)
  useEffect(() => {
    if (!question || burst || busy) return
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.repeat && !event.defaultPrevented) answer(question, { decision: 'deny' })
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [question, burst, busy, answer])
  const titled = (text: string) => (
    <h1 className="font-serif text-xl font-semibold break-words">
      <ExactText text={text} />
    </h1>
  )
  return (
    <main className="flex h-full flex-col bg-surface">
      {burst ? (
        <QuestionDigest questions={burst} title={titled} onOpen={setFirst} />
      ) : question ? (
        <QuestionPanel
          key={question.id}
          question={question}
          place={questions.indexOf(question) + 1}
          total={questions.length}
          busy={busy}
          onAnswer={(given) => answer(question, given)}
          title={titled}
        />
      ) : (
        <div className="m-auto p-6">
          <h1 className="sr-only">{t('nav.approvals')}</h1>
          <Empty icon={<ShieldCheck />} title={t('approvals.none.title')}>
            {t('approvals.none.text')}
          </Empty>
        </div>
      )}
    </main>
  )
}
