import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { type ReactNode, useEffect, useState } from 'react'
import { useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { IconButton } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { useReturnFocus } from '../../ui/return-focus.ts'
import { openQuestionEvent } from './open-question.ts'
import { burstOf, QuestionDigest } from './question-digest.tsx'
import { QuestionPanel } from './question-panel.tsx'
import { useAnswer } from './use-answer.ts'

/**
 * Opens by itself while questions wait. Escape and the close button answer "don't allow" to the one shown; "Later" puts it aside,
 * and a window that is hidden, closed or reloaded answers nothing.
 */
export function QuestionDialog() {
  const questions = useMirror((mirror) => mirror.questions)
  const { t } = useWords()
  const { busy, answer } = useAnswer()
  const [aside, setAside] = useState<ReadonlySet<string>>(new Set())
  const [first, setFirst] = useState<string>()
  useEffect(() => {
    const open = (event: Event) => {
      const id = (event as CustomEvent<string>).detail
      setAside((before) => new Set([...before].filter((one) => one !== id)))
      setFirst(id)
    }
    window.addEventListener(openQuestionEvent, open)
    return () => window.removeEventListener(openQuestionEvent, open)
  }, [])
  const waiting = questions.filter((question) => !aside.has(question.id))
  const picked = waiting.find((one) => one.id === first)
  const question = picked ?? waiting[0]
  if (!question) return null
  const burst = burstOf(waiting, picked)
  const putAside = (ids: readonly string[]) => setAside((before) => new Set([...before, ...ids]))
  const titled = (text: string) => (
    <Primitive.Title className="pr-8 font-serif text-xl font-semibold break-words">
      <ExactText text={text} />
    </Primitive.Title>
  )
  if (burst) {
    const later = () => putAside(burst.map(({ id }) => id))
    return (
      <Opened label={t('question.later')} onDeny={later}>
        <QuestionDigest questions={burst} title={titled} onOpen={setFirst} onLater={later} />
      </Opened>
    )
  }
  return (
    <Opened label={t('question.closeDenies')} onDeny={() => !busy && answer(question, { decision: 'deny' })}>
      <QuestionPanel
        key={question.id}
        question={question}
        place={waiting.indexOf(question) + 1}
        total={waiting.length}
        busy={busy}
        onAnswer={(given) => answer(question, given)}
        onLater={() => putAside([question.id])}
        title={titled}
      />
    </Opened>
  )
}

/** The dialog while it is open; the focus goes back to where the person was. */
function Opened({ label, onDeny, children }: { label: string; onDeny: () => void; children: ReactNode }) {
  const returnFocus = useReturnFocus()
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onDeny()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-40 animate-fade bg-veil" />
        <div className="pointer-events-none fixed inset-0 z-40 flex items-center justify-center p-3 sm:p-6">
          <Primitive.Content
            aria-describedby={undefined}
            onOpenAutoFocus={(event) => event.preventDefault()} // the panel takes the focus to its text, never to a button
            onCloseAutoFocus={returnFocus}
            onPointerDownOutside={(event) => event.preventDefault()}
            onEscapeKeyDown={(event) => event.repeat && event.preventDefault()}
            className="pointer-events-auto relative flex max-h-full w-full max-w-3xl animate-rise flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-dialog outline-none"
          >
            {children}
            <Primitive.Close asChild>
              <IconButton label={label} className="absolute top-3 right-3">
                <X aria-hidden="true" className="size-5" />
              </IconButton>
            </Primitive.Close>
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
