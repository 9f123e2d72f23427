import { Hourglass } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useWords } from '../../app/words.tsx'

/** How long the question waits; silence is "not allowed". Not spoken each second. */
export function Countdown({ expiresAt }: { expiresAt: number }) {
  const { t } = useWords()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.round((expiresAt - now) / 1000))
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-muted tabular-nums">
      <Hourglass aria-hidden="true" className="size-3.5" />
      {t('question.expires', { time })}
    </span>
  )
}
