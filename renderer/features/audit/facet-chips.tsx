import { useWords } from '../../app/words.tsx'
import { cx } from '../../ui/ui.ts'

export interface FacetCount {
  readonly value: string
  readonly count: number
}

interface FacetChipsProps {
  readonly label: string
  readonly counts: readonly FacetCount[]
  readonly chosen: string
  readonly nameOf: (value: string) => string
  readonly onChange: (value: string) => void
}

/** How many entries there are of each kind; pressing one narrows to it, pressing it again does not. */
export function FacetChips({ label, counts, chosen, nameOf, onChange }: FacetChipsProps) {
  const { language } = useWords()
  const number = new Intl.NumberFormat(language)
  const shown =
    chosen && !counts.some(({ value }) => value === chosen) ? [{ value: chosen, count: 0 }, ...counts] : counts
  if (shown.length === 0) return null
  return (
    <fieldset className="flex flex-wrap items-center gap-1.5">
      <legend className="float-left mr-1.5 w-18 text-xs text-muted">{label}</legend>
      {shown.map(({ value, count }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === chosen}
          onClick={() => onChange(value === chosen ? '' : value)}
          className={cx(
            'inline-flex min-h-7 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium transition-colors',
            value === chosen
              ? 'border-accent bg-accent-soft text-accent'
              : 'border-edge/60 bg-surface text-ink hover:border-edge hover:bg-sunken',
          )}
        >
          {nameOf(value)}
          <span className={cx('tabular-nums', value !== chosen && 'text-muted')}>{number.format(count)}</span>
        </button>
      ))}
    </fieldset>
  )
}
