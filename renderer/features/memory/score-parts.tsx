import { useWords } from '../../app/words.tsx'
import { cx } from '../../ui/ui.ts'
import type { Found } from './memory-types.ts'

export const partNames = ['text', 'vector', 'graph', 'recency', 'reinforcement', 'confidence'] as const

/** What a place in the ranking rests on; what weighed most stands out. */
export function ScoreParts({ found: { parts, reasons } }: { found: Found }) {
  const { t, language } = useWords()
  const percent = new Intl.NumberFormat(language, { style: 'percent' })
  return (
    <dl className="mt-2 grid grid-cols-2 gap-x-5 gap-y-1.5 text-xs sm:grid-cols-3 lg:grid-cols-6">
      {partNames.map((name) => {
        const leads = reasons.slice(0, 2).includes(name)
        return (
          <div key={name} className={leads ? 'text-ink' : 'text-muted'}>
            <div className="flex justify-between gap-2">
              <dt className={cx('truncate', leads && 'font-medium')}>{t(`memory.part.${name}`)}</dt>
              <dd className="tabular-nums">{percent.format(parts[name])}</dd>
            </div>
            <span aria-hidden="true" className="mt-1 block h-1 rounded-full bg-line">
              <span
                className={cx('block h-1 rounded-full', leads ? 'bg-accent' : 'bg-edge')}
                style={{ width: `${Math.min(100, parts[name] * 100)}%` }}
              />
            </span>
          </div>
        )
      })}
    </dl>
  )
}
