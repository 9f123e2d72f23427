import { useState } from 'react'
import { type MetricRange, rangeNames } from '../../../shared/domain/metrics.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useTick } from '../../app/use-tick.ts'
import { useWords } from '../../app/words.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { CallCharts } from './call-charts.tsx'
import { ResourceCharts } from './resource-charts.tsx'
import { StepBars } from './step-bars.tsx'
import { ToolTable } from './tool-table.tsx'

export interface Chosen {
  readonly range: MetricRange
  readonly server?: string
  readonly client?: string
}
const everyMs = 10_000

/** Calls, how long they took and what was used, over the time and of whom the person chose. */
export function Figures() {
  const [chosen, setChosen] = useState<Chosen>({ range: '1h' })
  const tick = useTick(everyMs)
  const reading = useReading((api) => api.metrics.calls(chosen), `${JSON.stringify(chosen)} ${tick}`)
  return (
    <div className="space-y-5">
      <Choice chosen={chosen} onChange={setChosen} tick={tick} />
      <ReadingView reading={reading}>
        {(calls) => (
          <>
            <CallCharts calls={calls} range={chosen.range} />
            <ResourceCharts range={chosen.range} server={chosen.server} tick={tick} />
            <StepBars steps={calls.steps} server={chosen.server} />
          </>
        )}
      </ReadingView>
      <ToolTable range={chosen.range} tick={tick} />
    </div>
  )
}

interface ChoiceProps {
  readonly chosen: Chosen
  readonly onChange: (chosen: Chosen) => void
  readonly tick: number
}

function Choice({ chosen, onChange, tick }: ChoiceProps) {
  const { t } = useWords()
  const { value } = useReading((api) => api.metrics.names(), tick)
  const pick = (which: 'server' | 'client', name: string) => {
    const { [which]: _, ...others } = chosen
    onChange(name ? { ...others, [which]: name } : others)
  }
  return (
    <search aria-label={t('health.choice')} className="flex flex-wrap gap-3">
      <Field label={t('health.range')}>
        {(ids) => (
          <Select
            {...ids}
            value={chosen.range}
            onChange={(event) => onChange({ ...chosen, range: event.target.value as MetricRange })}
          >
            {rangeNames.map((range) => (
              <option key={range} value={range}>
                {t(`health.range.${range}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {(['server', 'client'] as const).map((which) => (
        <Field key={which} label={t(`health.of.${which}`)}>
          {(ids) => (
            <Select {...ids} value={chosen[which] ?? ''} onChange={(event) => pick(which, event.target.value)}>
              <option value="">{t(`health.of.${which}.all`)}</option>
              {(which === 'server' ? value?.servers : value?.clients)?.map((name) => (
                <option key={name} value={name}>
                  {name === 'none' ? t('health.of.nobody') : name === 'other' ? t('health.of.others') : name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ))}
    </search>
  )
}
