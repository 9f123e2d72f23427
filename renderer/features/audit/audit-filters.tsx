import { Search } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import type { AuditCategory } from '../../../shared/domain/audit-categories.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Input, Select } from '../../ui/field.tsx'
import { FacetChips, type FacetCount } from './facet-chips.tsx'
import type { Filter } from './filter.ts'
import { given } from './given.ts'
import type { AuditEntry } from './live-entries.ts'
import { SavedFilters } from './saved-filters.tsx'

/** As the log’s own column says it. */
const decisions = { allow: 'decision.allowed', ask: 'effect.ask', deny: 'decision.refused' } as const
const pauseMs = 250

export function AuditFilters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useWords()
  const id = useId()
  const servers = useMirror((mirror) => mirror.servers)
  const { value } = useReading((api) => api.clients.list(), 'clients')
  const lookAt = useMirror((mirror) => mirror.lookAt)
  const { value: isolated } = useReading((api) => api.workspaces.list(), 'workspaces')
  const auditSeq = useMirror((mirror) => mirror.auditSeq)
  const counted = useReading((api) => api.audit.facets(given(filter)), `${JSON.stringify(filter)} ${auditSeq}`).value
  const counts = counted?.facets
  const workspaces = isolated?.workspaces ?? []
  const [text, setText] = useState(filter.text)
  useEffect(() => {
    if (text === filter.text) return
    const timer = setTimeout(() => onChange({ ...filter, text }), pauseMs)
    return () => clearTimeout(timer)
  }, [text, filter, onChange])
  useEffect(() => setText(filter.text), [filter.text])
  return (
    <search aria-label={t('audit.filters')} className="mb-4 block space-y-2.5">
      <div className="flex flex-wrap gap-2">
        <span className="relative min-w-52 flex-1">
          <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted" />
          <Input
            type="search"
            aria-label={t('audit.text')}
            placeholder={t('audit.text')}
            value={text}
            maxLength={200}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => text !== filter.text && onChange({ ...filter, text })}
            className="pl-9"
          />
        </span>
        <Choice
          label={t('column.app')}
          all={t('audit.anyApp')}
          value={filter.client}
          counts={counts?.client}
          options={(value?.clients ?? []).map((one) => [one.name, one.name])}
          onChange={(client) => onChange({ ...filter, client })}
        />
        <Choice
          label={t('column.server')}
          all={t('audit.anyServer')}
          value={filter.server}
          counts={counts?.server}
          options={(servers ?? []).map((one) => [one.name, one.name])}
          onChange={(server) => onChange({ ...filter, server })}
        />
        <Choice
          label={t('column.decision')}
          all={t('audit.anyDecision')}
          value={filter.decision}
          counts={counts?.decision}
          options={Object.entries(decisions).map(([one, word]) => [one, t(word)])}
          onChange={(decision) => onChange({ ...filter, decision })}
        />
        {workspaces.length > 1 && (
          <Choice
            label={t('workspace.switch')}
            all={t('workspace.all')}
            value={filter.workspace}
            options={workspaces.map((one) => [one.name, one.name])}
            onChange={(workspace) => {
              if (workspace) lookAt(workspace)
              onChange({ ...filter, workspace })
            }}
          />
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-xs text-muted">
        {(['since', 'until'] as const).map((name) => (
          <span key={name} className="flex items-center gap-2">
            <label htmlFor={`${id}-${name}`} className="w-18">
              {t(`audit.${name}`)}
            </label>
            <Input
              id={`${id}-${name}`}
              type="datetime-local"
              value={filter[name]}
              onChange={(event) => onChange({ ...filter, [name]: event.target.value })}
              className="w-56"
            />
          </span>
        ))}
      </div>
      <SavedFilters filter={filter} onChange={onChange} />
      <FacetChips
        label={t('audit.category')}
        counts={counts?.category ?? []}
        chosen={filter.category}
        nameOf={(value) => t(`audit.category.${value as AuditCategory}`)}
        onChange={(value) => onChange({ ...filter, category: value as Filter['category'] })}
      />
      <FacetChips
        label={t('column.severity')}
        counts={counts?.severity ?? []}
        chosen={filter.severity}
        nameOf={(value) => t(`severity.${value as AuditEntry['severity']}`)}
        onChange={(value) => onChange({ ...filter, severity: value as Filter['severity'] })}
      />
      {counted?.exact === false && <p className="text-xs text-muted">{t('audit.facets.newest')}</p>}
      {counted?.missing !== undefined && (
        <p role="status" className="text-xs text-muted">
          {t('audit.missing', { count: counted.missing })}
        </p>
      )}
    </search>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly all: string
  readonly value: string
  readonly options: readonly (readonly [string, string])[]
  readonly counts?: readonly FacetCount[] | undefined
  readonly onChange: (value: string) => void
}

/** What can be chosen, each with how many entries it has. */
function Choice({ label, all, value, options, counts, onChange }: ChoiceProps) {
  const named = (id: string, name: string) => {
    const count = counts?.find((one) => one.value === id)?.count
    return count === undefined ? name : `${name} (${count})`
  }
  return (
    <Select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} className="w-40">
      <option value="">{all}</option>
      {options.map(([id, name]) => (
        <option key={id} value={id}>
          {named(id, name)}
        </option>
      ))}
    </Select>
  )
}
