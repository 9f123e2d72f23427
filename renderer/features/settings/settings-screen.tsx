import { Search, SearchX } from 'lucide-react'
import { Fragment, useRef, useState } from 'react'
import { useArrival } from '../../app/arrival.ts'
import { fits } from '../../app/fits.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { areas, readSettings, type SettingsRead, useSettings } from './use-settings.tsx'

/** Everything that can be set, found by its words. */
export function SettingsScreen({ selected }: { selected: string | undefined }) {
  const { t } = useWords()
  const reading = useReading(readSettings, 'settings')
  return (
    <Page title={t('nav.settings')} lead={t('settings.lead')}>
      <ReadingView reading={reading}>
        {(read) => <Found read={read} selected={selected} again={reading.again} />}
      </ReadingView>
    </Page>
  )
}

interface FoundProps {
  readonly read: SettingsRead
  readonly selected: string | undefined
  readonly again: () => void
}

function Found({ read, selected, again }: FoundProps) {
  const { t } = useWords()
  const [query, setQuery] = useState('')
  const search = useRef<HTMLInputElement>(null)
  const all = useSettings(read, again)
  const found = all.filter(({ words, area }) => fits(query, [...words, t(`settings.area.${area}`)]))
  useArrival(selected, true)
  const clear = () => {
    setQuery('')
    search.current?.focus()
  }
  return (
    <>
      <search className="mb-6 block max-w-md">
        <Field label={t('settings.search')}>
          {(ids) => (
            <span className="relative block">
              <Search aria-hidden="true" className="absolute top-2.5 left-3 size-4 text-muted" />
              <Input
                {...ids}
                ref={search}
                type="search"
                value={query}
                className="w-full pl-9"
                onChange={(event) => setQuery(event.target.value)}
              />
            </span>
          )}
        </Field>
        <p role="status" className="mt-1 text-xs text-muted">
          {query.trim() !== '' && t('settings.found', { count: found.length })}
        </p>
      </search>
      {found.length === 0 && (
        <Empty
          icon={<SearchX />}
          title={t('settings.found.none', { query: query.trim() })}
          action={<Button onClick={clear}>{t('settings.clear')}</Button>}
        >
          {t('settings.found.none.text')}
        </Empty>
      )}
      {areas.map((area) => {
        const rows = found.filter((one) => one.area === area)
        if (rows.length === 0) return null
        return (
          <Section key={area} title={t(`settings.area.${area}`)}>
            <Card>
              <ul className="divide-y divide-line/70">
                {rows.map(({ id, row }) => (
                  <Fragment key={id}>{row}</Fragment>
                ))}
              </ul>
            </Card>
          </Section>
        )
      })}
    </>
  )
}
