import { ChevronRight, Timer } from 'lucide-react'
import { useId, useState } from 'react'
import type { Trace } from '../../../shared/contract/metrics.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useTick } from '../../app/use-tick.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { Empty } from '../../ui/notice.tsx'
import { cx, type Tone } from '../../ui/ui.ts'
import { useUnits } from './units.ts'

const everyMs = 5_000
const tones: Readonly<Record<Trace['outcome'], Tone>> = {
  success: 'ok',
  error: 'danger',
  refused: 'plain',
  waiting: 'warn',
}

/** Where the time of single calls went. An opened one stays in sight while newer ones come. */
export function TraceList() {
  const { t } = useWords()
  const [which, setWhich] = useState<'recent' | 'slowest'>('recent')
  const [open, setOpen] = useState<string>()
  const tick = useTick(everyMs)
  const reading = useReading((api) => api.traces.list({ which }), `${which} ${open ? open : tick}`)
  return (
    <div className="space-y-4">
      <div className="w-fit">
        <Field label={t('health.traces.which')} hint={t('health.traces.hint')}>
          {(ids) => (
            <Select {...ids} value={which} onChange={(event) => setWhich(event.target.value as typeof which)}>
              <option value="recent">{t('health.traces.recent')}</option>
              <option value="slowest">{t('health.traces.slowest')}</option>
            </Select>
          )}
        </Field>
      </div>
      <ReadingView reading={reading}>
        {({ traces }) =>
          traces.length === 0 ? (
            <Empty icon={<Timer />} title={t('health.traces.none')}>
              {t(which === 'recent' ? 'health.traces.none.text' : 'health.traces.none.slow')}
            </Empty>
          ) : (
            <Card>
              <ul aria-label={t(`health.traces.${which}`)} className="divide-y divide-line/70">
                {traces.map((trace) => (
                  <Row
                    key={trace.callId}
                    trace={trace}
                    open={open === trace.callId}
                    onToggle={() => setOpen(open === trace.callId ? undefined : trace.callId)}
                  />
                ))}
              </ul>
            </Card>
          )
        }
      </ReadingView>
    </div>
  )
}

function Row({ trace, open, onToggle }: { trace: Trace; open: boolean; onToggle: () => void }) {
  const { t, when } = useWords()
  const units = useUnits()
  const id = useId()
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={onToggle}
        className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-left text-sm hover:bg-ground/60"
      >
        <ChevronRight aria-hidden="true" className={cx('size-4 text-muted', open && 'rotate-90')} />
        <span className="min-w-0 flex-1 font-medium break-all">
          <ExactText text={trace.entry} />
          {trace.client && (
            <span className="ml-2 font-normal text-muted">
              <ExactText text={trace.client} />
            </span>
          )}
        </span>
        <Badge tone={tones[trace.outcome]}>{t(`health.outcome.${trace.outcome}`)}</Badge>
        <span className="w-20 text-right tabular-nums">{units.seconds(trace.totalMs / 1000)}</span>
        <span className="w-24 text-right text-muted tabular-nums">{when(trace.at)}</span>
      </button>
      {open && (
        <div id={id} className="px-4 pb-4">
          {trace.code && <p className="mb-2 font-mono text-xs text-muted">{trace.code}</p>}
          <Waterfall trace={trace} />
        </div>
      )}
    </li>
  )
}

/** Nobody was asked where passing the question took no time. */
const isTold = ({ step, ms }: Trace['steps'][number]) => step !== 'person' || ms > 5

/** The steps one below the other, each where in the call it was. */
function Waterfall({ trace: { steps, totalMs } }: { trace: Trace }) {
  const { t } = useWords()
  const units = useUnits()
  let before = 0
  return (
    <table className="w-full text-sm">
      <thead className="sr-only">
        <tr>
          <th scope="col">{t('health.trace.step')}</th>
          <th scope="col">{t('health.trace.when')}</th>
          <th scope="col">{t('health.took')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.filter(isTold).map(({ step, ms }) => {
          const left = before
          before += ms
          const share = (part: number) => `${Math.min(100, (part / Math.max(totalMs, 0.001)) * 100)}%`
          return (
            <tr key={step}>
              <th scope="row" className="w-64 py-1 pr-4 text-left font-normal">
                {t(`health.step.${step}`)}
              </th>
              <td className="relative">
                <span className="sr-only">{t('health.trace.after', { time: units.seconds(left / 1000) })}</span>
                <span aria-hidden="true" className="relative block h-3 overflow-hidden rounded bg-sunken">
                  <span
                    className={cx('absolute inset-y-0 min-w-0.5 rounded', step === 'person' ? 'bg-gold' : 'bg-accent')}
                    style={{ left: share(left), width: share(ms) }}
                  />
                </span>
              </td>
              <td className="w-24 pl-4 text-right text-muted tabular-nums">{units.seconds(ms / 1000)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
