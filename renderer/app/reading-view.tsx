import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Loading, Notice } from '../ui/notice.tsx'
import { type Reading, sentenceOf } from './gatehouse-context.tsx'
import { useWords } from './words.tsx'

/** Loading, failed with a way to try again, or the value. */
export function ReadingView<T>({ reading, children }: { reading: Reading<T>; children: (value: T) => ReactNode }) {
  const { t } = useWords()
  if (reading.value !== undefined) return children(reading.value)
  if (reading.failure === undefined) return <Loading label={t('loading')} />
  return <ReadingFailure reading={reading} />
}

/** Nothing as long as it could be read; else why not, with a way to try again. */
export function ReadingFailure({ reading, what }: { reading: Reading<unknown>; what?: string }) {
  const { t } = useWords()
  if (reading.failure === undefined) return null
  return (
    <Notice
      tone="danger"
      alert
      action={
        <Button size="small" onClick={reading.again}>
          {t('tryAgain')}
        </Button>
      }
    >
      {what && <p className="font-medium">{what}</p>}
      {sentenceOf(reading.failure, t)}
    </Notice>
  )
}
