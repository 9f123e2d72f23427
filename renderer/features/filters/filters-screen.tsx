import { useState } from 'react'
import { filterPolicies } from '../../../shared/domain/filters.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Section } from '../../ui/card.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { FilterTable } from './filter-table.tsx'
import { OwnWords } from './own-words.tsx'
import { TextTester } from './text-tester.tsx'

type FilterPolicy = (typeof filterPolicies)[number]

/** What is looked for in arguments and answers, what happens then, and a place to try a text. */
export function FiltersScreen() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [server, setServer] = useState('*')
  const servers = useMirror((mirror) => mirror.servers)
  const revision = useMirror((mirror) => mirror.revision.filters)
  const reading = useReading((api) => api.filters.list({ server }), `${server} ${revision}`)
  const putPolicy = async (policy: FilterPolicy) => {
    await api.filters.setPolicy({ server, policy })
    reading.again()
  }
  const choosePolicy = (policy: FilterPolicy) => {
    const before = reading.value?.policy
    void run(() => putPolicy(policy), t('saved'), before && (() => putPolicy(before)))
  }
  return (
    <Page title={t('nav.filters')} lead={t('filters.lead')}>
      <Section title={t('filters.list')} hint={t('filters.list.hint')}>
        <div className="mb-4 flex flex-wrap gap-4">
          <Field label={t('filters.for')}>
            {(ids) => (
              <Select {...ids} value={server} onChange={(event) => setServer(event.target.value)} className="w-56">
                <option value="*">{t('filters.everyServer')}</option>
                {(servers ?? []).map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('filters.policy')}>
            {(ids) => (
              <Select
                {...ids}
                disabled={busy}
                value={reading.value?.policy ?? 'permissive'}
                onChange={({ target }) => choosePolicy(target.value as FilterPolicy)}
                className="w-64"
              >
                {filterPolicies.map((policy) => (
                  <option key={policy} value={policy}>
                    {t(`filters.policy.${policy}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <ReadingView reading={reading}>
          {(listed) => <FilterTable listed={listed} server={server} onSet={reading.again} />}
        </ReadingView>
      </Section>
      <Section title={t('filters.words')} hint={t('filters.words.hint')}>
        <ReadingView reading={reading}>
          {({ words }) => <OwnWords words={words} onChange={reading.again} />}
        </ReadingView>
      </Section>
      <Section title={t('filters.test')} hint={t('filters.test.hint')}>
        <TextTester server={server} />
      </Section>
    </Page>
  )
}
