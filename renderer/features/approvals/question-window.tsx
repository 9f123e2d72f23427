import { ShieldCheck } from 'lucide-react'
import { useEffect } from 'react'
import { useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { QuestionPanel } from './question-panel.tsx'
import { useAnswer } from './use-answer.ts'

/** The questions alone, filling a small window of their own. Escape answers "don't allow" here too; closing the window is main's to hear. */
export function QuestionWindow() {
  const { t } = useWords()
  const questions = useMirror((mirror) => mirror.questions)
  const { busy, answer } = useAnswer()
  const question = questions[0]
  useEffect(() => {
    if (!question || busy) return
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.repeat && !event.defaultPrevented) answer(question, { decision: 'deny' })
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [question, busy, answer])
  return (
    <main className="flex h-full flex-col bg-surface">
      {question ? (
        <QuestionPanel
          key={question.id}
          question={question}
          place={1}
          total={questions.length}
          busy={busy}
          onAnswer={(given) => answer(question, given)}
          title={(text) => (
            <h1 className="font-serif text-xl font-semibold break-words">
              <ExactText text={text} />
            </h1>
          )}
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
