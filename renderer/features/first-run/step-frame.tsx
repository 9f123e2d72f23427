import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'

interface StepFrameProps {
  readonly title: string
  readonly text: string
  readonly children: ReactNode
  readonly onBack?: () => void
  readonly next: ReactNode
}

/** Heading, contents, and the way back and forth. The heading takes the focus so that the step is read out. */
export function StepFrame({ title, text, children, onBack, next }: StepFrameProps) {
  const { t } = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <>
      <h1 ref={heading} tabIndex={-1} className="font-serif text-2xl font-semibold outline-none">
        {title}
      </h1>
      <p className="mt-2 mb-6 max-w-[60ch] text-muted">{text}</p>
      {children}
      <div className="mt-8 flex flex-wrap justify-between gap-2 border-t border-line pt-5">
        {onBack ? (
          <Button look="quiet" onClick={onBack}>
            {t('back')}
          </Button>
        ) : (
          <span />
        )}
        <span className="flex gap-2">{next}</span>
      </div>
    </>
  )
}
