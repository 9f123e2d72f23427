import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { CallRefused } from '../../client.ts'
import { Notice } from '../../ui/notice.tsx'

/** Keeps what main found when it refuses to add a server for it, so that the person can read it and add it all the same. */
export function useGraveFindings() {
  const [grave, setGrave] = useState<string>()
  const noting = <T,>(work: Promise<T>): Promise<T> =>
    work.catch((failure: unknown) => {
      if (failure instanceof CallRefused && failure.code === 'cell.grave') setGrave(failure.sentence)
      throw failure
    })
  return { grave, noting, forget: () => setGrave(undefined) }
}

export function GraveNotice({ grave }: { grave: string | undefined }) {
  const { t } = useWords()
  if (grave === undefined) return null
  return (
    <div className="mb-5">
      <Notice tone="danger" alert>
        <p className="font-medium">{t('cell.grave')}</p>
        <p className="mt-1 break-words">{grave}</p>
      </Notice>
    </div>
  )
}
