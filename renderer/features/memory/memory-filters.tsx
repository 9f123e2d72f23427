import { type ReactNode, useId } from 'react'
import { contentLabels } from '../../../shared/domain/flow.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Field, Input, Select } from '../../ui/field.tsx'
import { type MemoryFilter, noFilter, setCount } from './memory-filter.ts'
import type { Facets } from './memory-types.ts'
import { writerOf } from './provenance.tsx'

interface MemoryFiltersProps {
  readonly filter: MemoryFilter
  readonly facets: Facets
  readonly onChange: (filter: MemoryFilter) => void
}

const sure = ['50', '80', '95'] as const

/** What the list is narrowed down by, folded away until it is wanted. */
export function MemoryFilters({ filter, facets, onChange }: MemoryFiltersProps) {
  const { t } = useWords()
  const count = setCount(filter)
  const change = (changes: Partial<MemoryFilter>) => onChange({ ...filter, ...changes })
  return (
    <details className="rounded-xl border border-line bg-surface px-4 py-2.5" open={count > 0 || undefined}>
      <summary className="text-sm font-medium">
        {count === 0 ? t('memory.filters') : t('memory.filters.set', { count })}
      </summary>
      <div className="mt-3 grid gap-4 pb-2 sm:grid-cols-2 lg:grid-cols-4">
        <Choice
          label={t('memory.type')}
          value={filter.type}
          options={facets.types.map(({ value, count: many }) => [value, `${value} (${many})`])}
          onChange={(type) => change({ type })}
        />
        <Choice
          label={t('memory.source')}
          value={filter.source}
          options={facets.sources.map(({ value, count: many }) => [value, `${value} (${many})`])}
          onChange={(source) => change({ source })}
        />
        <Choice
          label={t('memory.writer')}
          value={filter.client}
          options={facets.clients.map(({ value, name, count: many }) => [
            value,
            `${writerOf({ client: value as never, clientName: name, labels: [] }, t)} (${many})`,
          ])}
          onChange={(client) => change({ client })}
        />
        <Choice
          label={t('memory.confidence')}
          value={filter.confidence}
          options={sure.map((one) => [one, t('memory.confidence.atLeast', { percent: one })])}
          onChange={(confidence) => change({ confidence })}
        />
        <Days
          title={t('memory.created')}
          from={filter.createdFrom}
          to={filter.createdTo}
          onChange={(createdFrom, createdTo) => change({ createdFrom, createdTo })}
        />
        <Days
          title={t('memory.updated')}
          from={filter.updatedFrom}
          to={filter.updatedTo}
          onChange={(updatedFrom, updatedTo) => change({ updatedFrom, updatedTo })}
        />
      </div>
      <Without filter={filter} onChange={change} />
      {count > 0 && (
        <Button size="small" look="quiet" className="mt-2" onClick={() => onChange(noFilter)}>
          {t('memory.filters.clear')}
        </Button>
      )}
    </details>
  )
}

interface WithoutProps {
  readonly filter: MemoryFilter
  readonly onChange: (change: Partial<MemoryFilter>) => void
}

function Without({ filter: { without }, onChange }: WithoutProps) {
  const { t } = useWords()
  return (
    <fieldset className="border-t border-line/70 pt-3">
      <legend className="float-left mr-5 text-sm font-medium">{t('memory.without')}</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {contentLabels.map((label) => (
          <Check
            key={label}
            checked={without.includes(label)}
            label={t(`sessions.flow.${label}`)}
            onChange={(on) => onChange({ without: on ? [...without, label] : without.filter((one) => one !== label) })}
          />
        ))}
      </div>
    </fieldset>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [string, string])[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const { t } = useWords()
  return (
    <Field label={label}>
      {(ids) => (
        <Select {...ids} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t('memory.any')}</option>
          {value !== '' && options.every(([one]) => one !== value) && <option value={value}>{value}</option>}
          {options.map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

interface DaysProps {
  readonly title: string
  readonly from: string
  readonly to: string
  readonly onChange: (from: string, to: string) => void
}

function Days({ title, from, to, onChange }: DaysProps): ReactNode {
  const { t } = useWords()
  const id = useId()
  return (
    <div className="sm:col-span-2">
      <p id={id} className="mb-1 text-sm font-medium">
        {title}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame around two fields */}
      <div role="group" aria-labelledby={id} className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <Input
          type="date"
          aria-label={t('memory.day.from')}
          value={from}
          className="min-w-36 flex-1"
          onChange={(event) => onChange(event.target.value, to)}
        />
        –
        <Input
          type="date"
          aria-label={t('memory.day.to')}
          value={to}
          className="min-w-36 flex-1"
          onChange={(event) => onChange(from, event.target.value)}
        />
      </div>
    </div>
  )
}
