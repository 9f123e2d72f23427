import { useEffect, useId, useState } from 'react'
import { useWords } from '../../../app/words.tsx'

const dayMs = 24 * 3600_000
const restMs = 200

interface TimeSliderProps {
  /** When the first concept was brought in. */
  readonly since: number
  /** The end of a day, or undefined for now. */
  readonly value: number | undefined
  readonly onChange: (asOf: number | undefined) => void
}

const startOf = (at: number) => new Date(at).setHours(0, 0, 0, 0)
/** Days may have 23 or 25 hours. */
const daysBetween = (from: number, to: number) => Math.round((startOf(to) - startOf(from)) / dayMs)
const endOf = (since: number, day: number) => startOf(startOf(since) + day * dayMs + dayMs + dayMs / 2) - 1

/** What was known on a day: from the day before the first concept until today. */
export function TimeSlider({ since, value, onChange }: TimeSliderProps) {
  const { t, language } = useWords()
  const id = useId()
  const before = since - dayMs
  const last = daysBetween(before, Date.now())
  const [day, setDay] = useState(value === undefined ? last : daysBetween(before, value))
  const wanted = day >= last ? undefined : endOf(before, day)
  useEffect(() => {
    if (wanted === value) return
    const timer = setTimeout(() => onChange(wanted), restMs)
    return () => clearTimeout(timer)
  }, [wanted, value, onChange])
  const said =
    wanted === undefined
      ? t('memory.graph.now')
      : new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(wanted)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <label htmlFor={id} className="font-medium">
        {t('memory.graph.asOf')}
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        value={day}
        aria-valuetext={said}
        onChange={(event) => setDay(Number(event.target.value))}
        className="min-w-40 flex-1 accent-accent"
      />
      <output htmlFor={id} className="w-28 text-muted tabular-nums">
        {said}
      </output>
    </div>
  )
}
