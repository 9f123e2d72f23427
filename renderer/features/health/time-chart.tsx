import 'uplot/dist/uPlot.min.css'
import { useEffect, useId, useRef, useState } from 'react'
import UPlot from 'uplot'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../ui/card.tsx'
import { Table } from '../../ui/table.tsx'
import { type ChartLook, type Ink, useChartLook } from './chart-look.ts'
import { useUnits } from './units.ts'

export interface ChartLine {
  readonly label: string
  readonly ink: Ink
  /** So that lines are told apart without their colour. */
  readonly dash?: readonly number[]
  readonly values: readonly (number | undefined)[]
}

interface TimeChartProps {
  readonly title: string
  /** The same in one sentence: what a screen reader says of the picture. */
  readonly summary: string
  /** Seconds. */
  readonly times: readonly number[]
  readonly stepSeconds: number
  readonly lines: readonly ChartLine[]
  readonly format: (value: number) => string
  /** What the lines across may be apart; as uPlot has them, in tens, when left out. */
  readonly steps?: readonly number[]
}

const heightPx = 170

/** Figures over time as a picture, in a sentence, and as a table. */
export function TimeChart({ title, summary, times, stepSeconds, lines, format, steps }: TimeChartProps) {
  const id = useId()
  const [at, setAt] = useState<number>()
  const units = useUnits()
  return (
    <Card className="p-4">
      <figure aria-labelledby={id}>
        <figcaption>
          <h2 id={id} className="text-sm font-semibold">
            {title}
          </h2>
          <p className="text-sm text-muted">{summary}</p>
        </figcaption>
        <Picture
          times={times}
          lines={lines}
          stepSeconds={stepSeconds}
          format={format}
          {...(steps ? { steps } : {})}
          onPoint={setAt}
        />
        <Legend
          lines={lines}
          at={at}
          format={format}
          time={at === undefined ? '' : units.time(times[at] ?? 0, stepSeconds)}
        />
      </figure>
      <AsTable title={title} times={times} lines={lines} stepSeconds={stepSeconds} format={format} />
    </Card>
  )
}

type PictureProps = Pick<TimeChartProps, 'times' | 'lines' | 'stepSeconds' | 'format' | 'steps'> & {
  readonly onPoint: (at: number | undefined) => void
}

function Picture(props: PictureProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(undefined)
  const latest = useRef(props)
  latest.current = props
  const units = useUnits()
  const words = useRef(units)
  words.current = units
  const look = useChartLook()
  const shape = props.lines.map(({ label }) => label).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart is made anew for other lines or colours only
  useEffect(() => {
    const element = place.current
    if (!element) return
    const made = new UPlot(optionsOf(latest, words, look, element.clientWidth), dataOf(latest.current), element)
    chart.current = made
    const sized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }))
    sized.observe(element)
    return () => {
      sized.disconnect()
      made.destroy()
    }
  }, [shape, look])
  useEffect(() => chart.current?.setData(dataOf(props)), [props])
  return <div ref={place} aria-hidden="true" className="mt-2 min-h-44 overflow-hidden" />
}

const dataOf = ({ times, lines }: Pick<PictureProps, 'times' | 'lines'>): UPlot.AlignedData => [
  [...times],
  ...lines.map(({ values }) => values.map((value) => value ?? null)),
]

function optionsOf(
  latest: { readonly current: PictureProps },
  words: { readonly current: ReturnType<typeof useUnits> },
  look: ChartLook,
  width: number,
): UPlot.Options {
  const axis = { stroke: look.text, font: look.font, ticks: { show: false } }
  return {
    width,
    height: heightPx,
    padding: [10, 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        values: (_, at) => at.map((one) => words.current.time(one, latest.current.stepSeconds)),
        space: 90,
        size: 28,
      },
      {
        ...axis,
        grid: { stroke: look.line, width: 1 },
        values: (_, at) => at.map((one) => latest.current.format(one)),
        size: 76,
        space: 40,
        ...(latest.current.steps ? { incrs: [...latest.current.steps] } : {}),
      },
    ],
    series: [
      {},
      ...latest.current.lines.map(
        ({ label, ink, dash }): UPlot.Series => ({
          label,
          stroke: look.ink[ink],
          width: 1.75,
          ...(dash ? { dash: [...dash] } : {}),
          points: { show: true, size: 5, fill: look.ink[ink], filter: (chart, line) => alone(chart.data[line] ?? []) },
        }),
      ),
    ],
    hooks: { setCursor: [({ cursor }) => latest.current.onPoint(cursor.idx ?? undefined)] },
  }
}

/** A value with none beside it would be no line at all. */
function alone(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = []
  for (let at = 0; at < values.length; at++)
    if (values[at] != null && values[at - 1] == null && values[at + 1] == null) found.push(at)
  return found
}

interface LegendProps {
  readonly lines: readonly ChartLine[]
  readonly at: number | undefined
  readonly time: string
  readonly format: (value: number) => string
}

/** Which line is which, and what they say where the pointer is. */
function Legend({ lines, at, time, format }: LegendProps) {
  const { ink } = useChartLook()
  return (
    <ul className="mt-1 flex min-h-6 flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {lines.map((line) => {
        const value = at === undefined ? undefined : line.values[at]
        return (
          <li key={line.label} className="flex items-center gap-1.5">
            <svg aria-hidden="true" viewBox="0 0 20 4" className="h-1 w-5">
              <line
                x1="0"
                y1="2"
                x2="20"
                y2="2"
                stroke={ink[line.ink]}
                strokeWidth="3"
                strokeDasharray={line.dash?.join(' ')}
              />
            </svg>
            {line.label}
            {value !== undefined && <span className="font-medium text-ink tabular-nums">{format(value)}</span>}
          </li>
        )
      })}
      <li className="ml-auto tabular-nums">{time}</li>
    </ul>
  )
}

type AsTableProps = Pick<TimeChartProps, 'title' | 'times' | 'lines' | 'stepSeconds' | 'format'>

/** Points in which something happened, the newest first. */
function AsTable({ title, times, lines, stepSeconds, format }: AsTableProps) {
  const { t } = useWords()
  const units = useUnits()
  const [open, setOpen] = useState(false)
  const rows = open ? rowsOf(times, lines) : []
  return (
    <details className="mt-2 text-sm" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="text-xs font-medium text-accent">{t('health.asTable')}</summary>
      {open && rows.length === 0 && <p className="mt-2 text-muted">{t('health.asTable.none')}</p>}
      {rows.length > 0 && (
        <div className="mt-2 max-h-72 overflow-y-auto">
          <Table
            label={title}
            rowKey={({ time }) => time}
            rows={rows}
            columns={[
              { id: 'time', title: t('column.when'), cell: ({ time }) => units.time(time, stepSeconds) },
              ...lines.map(({ label }, place) => ({
                id: label,
                title: label,
                className: 'text-right tabular-nums',
                cell: ({ values }: Row) => {
                  const value = values[place]
                  return value === undefined ? '–' : format(value)
                },
              })),
            ]}
          />
        </div>
      )}
    </details>
  )
}

interface Row {
  readonly time: number
  readonly values: readonly (number | undefined)[]
}

const rowsOf = (times: readonly number[], lines: readonly ChartLine[]): Row[] =>
  times
    .map((time, at) => ({ time, values: lines.map(({ values }) => values[at]) }))
    .filter(({ values }) => values.some((value) => value !== undefined && value > 0))
    .reverse()
