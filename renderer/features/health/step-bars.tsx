import { useWords } from '../../app/words.tsx'
import { Card } from '../../ui/card.tsx'
import type { Calls } from './call-charts.tsx'
import { useUnits } from './units.ts'

/** Where the time of calls went, added up. What a person took is left out: it would dwarf the rest. */
export function StepBars({ steps, server }: { steps: Calls['steps']; server: string | undefined }) {
  const { t } = useWords()
  const units = useUnits()
  const counted = steps.filter(({ step, seconds }) => step !== 'person' && seconds > 0)
  const whole = counted.reduce((sum, { seconds }) => sum + seconds, 0)
  if (whole === 0) return null
  return (
    <Card className="p-4">
      <h2 className="text-sm font-semibold">{t('health.steps')}</h2>
      <p className="text-sm text-muted">
        {server ? t('health.steps.of', { server }) : t('health.steps.all')} {t('health.steps.text')}
      </p>
      <ul className="mt-3 space-y-1.5">
        {counted.map(({ step, seconds }) => (
          <li key={step} className="grid grid-cols-[minmax(9rem,1fr)_3fr_5rem] items-center gap-3 text-sm">
            <span>{t(`health.step.${step}`)}</span>
            <span aria-hidden="true" className="h-2.5 rounded-full bg-sunken">
              <span
                className="block h-full min-w-0.5 rounded-full bg-accent"
                style={{ width: `${(seconds / whole) * 100}%` }}
              />
            </span>
            <span className="text-right text-muted tabular-nums">{units.seconds(seconds)}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
