import { useEffect } from 'react'
import { useMirror } from '../../app/gatehouse-context.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'

const levels = { info: 'info', warning: 'warning', critical: 'problem' } as const

/** Says in the window what the desktop is told of an alert; it opens the alert and decides nothing. */
export function AlertToasts() {
  const { t } = useWords()
  const told = useMirror((mirror) => mirror.told)
  const toast = useMirror((mirror) => mirror.toast)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is told is said once, not again in another language
  useEffect(() => {
    if (!told) return
    const { id, title, over, severity } = told
    const action =
      id === undefined ? undefined : { label: t('alerts.toast.open'), run: () => go('health', 'alerts', id) }
    toast(over ? 'ok' : levels[severity], title, action)
  }, [told])
  return null
}
