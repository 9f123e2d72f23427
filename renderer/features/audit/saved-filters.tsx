import { Bookmark, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { SavedFilter } from '../../../shared/contract/audit.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Input } from '../../ui/field.tsx'
import { cx } from '../../ui/ui.ts'
import { type Filter, noFilter } from './filter.ts'

/** Only what was filled in. */
const fieldsOf = (filter: Filter): SavedFilter['fields'] =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
const filterOf = ({ fields }: SavedFilter): Filter => ({ ...noFilter, ...fields }) as Filter
const sameAs = (filter: Filter) => {
  const wanted = JSON.stringify(Object.entries(filter).sort())
  return (saved: SavedFilter) => JSON.stringify(Object.entries(filterOf(saved)).sort()) === wanted
}

/** What the person looks for again and again, a press away. */
export function SavedFilters({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useWords()
  const api = useApi()
  const { run } = useAction()
  const toast = useMirror((mirror) => mirror.toast)
  const reading = useReading((from) => from.audit.savedFilters(), 'saved-filters')
  const saved = reading.value?.filters ?? []
  const chosen = saved.find(sameAs(filter))
  const empty = Object.keys(fieldsOf(filter)).length === 0
  const save = (one: SavedFilter) => run(() => api.audit.saveFilter(one)).then(reading.again)
  const forget = (one: SavedFilter) =>
    void run(() => api.audit.forgetFilter({ name: one.name })).then((done) => {
      reading.again()
      if (done) toast('ok', t('audit.saved.gone', { name: one.name }), { label: t('undo'), run: () => void save(one) })
    })
  if (saved.length === 0 && empty) return null
  return (
    <fieldset className="flex flex-wrap items-center gap-1.5">
      <legend className="float-left mr-1.5 w-18 text-xs text-muted">{t('audit.saved')}</legend>
      {saved.map((one) => (
        <span
          key={one.name}
          className={cx(
            'inline-flex min-h-7 items-center rounded-full border text-xs font-medium',
            one === chosen ? 'border-accent bg-accent-soft text-accent' : 'border-edge/60 bg-surface text-ink',
          )}
        >
          <button
            type="button"
            aria-pressed={one === chosen}
            onClick={() => onChange(one === chosen ? noFilter : filterOf(one))}
            className="min-h-7 rounded-full py-0.5 pr-1 pl-2.5 hover:underline hover:underline-offset-4"
          >
            <ExactText text={one.name} />
          </button>
          <button
            type="button"
            aria-label={t('audit.saved.forget', { name: one.name })}
            onClick={() => forget(one)}
            className="flex size-7 items-center justify-center rounded-full text-muted hover:text-danger"
          >
            <X aria-hidden="true" className="size-3.5" />
          </button>
        </span>
      ))}
      {!empty && !chosen && <SaveThis onSave={(name) => save({ name, fields: fieldsOf(filter) })} />}
    </fieldset>
  )
}

function SaveThis({ onSave }: { onSave: (name: string) => Promise<unknown> }) {
  const { t } = useWords()
  const [name, setName] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name?.trim()) void onSave(name.trim()).then(() => setName(undefined))
  }
  if (name === undefined) {
    return (
      <Button
        size="small"
        look="quiet"
        icon={<Bookmark aria-hidden="true" className="size-3.5" />}
        onClick={() => setName('')}
      >
        {t('audit.saved.this')}
      </Button>
    )
  }
  return (
    <form onSubmit={submit} className="flex items-center gap-1.5">
      <Input
        autoFocus
        aria-label={t('audit.saved.name')}
        placeholder={t('audit.saved.name')}
        value={name}
        maxLength={60}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && setName(undefined)}
        className="w-48"
      />
      <Button size="small" type="submit" disabled={name.trim() === ''}>
        {t('audit.saved.save')}
      </Button>
    </form>
  )
}
