import { Plus, TextSearch } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { filters } from '../../../shared/contract/filters.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { AddOwnWord } from './add-own-word.tsx'
import { severityTones } from './filter-table.tsx'

type OwnWord = z.output<typeof filters.list.output>['words'][number]

/** Words of the person's own; what they look for is shown only when asked for, and forgotten when left. */
export function OwnWords({ words, onChange }: { words: readonly OwnWord[]; onChange: () => void }) {
  const { t } = useWords()
  const [adding, setAdding] = useState(false)
  return (
    <>
      {words.length === 0 ? (
        <Empty icon={<TextSearch />} title={t('filters.words.none')}>
          {t('filters.words.none.text')}
        </Empty>
      ) : (
        <Table
          label={t('filters.words')}
          rows={words}
          rowKey={({ id }) => id}
          columns={[
            { id: 'name', title: t('filters.words.name'), cell: (word) => <NamedWord word={word} /> },
            { id: 'kind', title: t('filters.words.kind'), cell: ({ kind }) => t(`filters.words.kind.${kind}`) },
            {
              id: 'severity',
              title: t('column.severity'),
              cell: ({ severity }) => <Badge tone={severityTones[severity]}>{t(`filters.severity.${severity}`)}</Badge>,
            },
            { id: 'call', title: t('filters.column.call'), cell: ({ call }) => t(`filters.action.${call}`) },
            { id: 'reply', title: t('filters.column.reply'), cell: ({ reply }) => t(`filters.action.${reply}`) },
            {
              id: 'found',
              title: t('filters.words.column.found'),
              className: 'text-right tabular-nums',
              cell: ({ found }) => found.call + found.reply,
            },
            {
              id: 'remove',
              title: t('column.action'),
              cell: (word) => <RemoveWord word={word} onRemoved={onChange} />,
            },
          ]}
        />
      )}
      <Button className="mt-4" icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setAdding(true)}>
        {t('filters.words.add')}
      </Button>
      {adding && (
        <AddOwnWord
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false)
            onChange()
          }}
        />
      )}
    </>
  )
}

function NamedWord({ word: { id, name } }: { word: OwnWord }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [value, setValue] = useState<string>()
  return (
    <span className="flex flex-wrap items-center gap-3">
      <span className="font-medium">
        <ExactText text={name} />
      </span>
      {value === undefined ? (
        <Button
          look="quiet"
          size="small"
          className="-ml-2.5"
          disabled={busy}
          aria-label={t('filters.words.show.label', { name })}
          onClick={() => void run(async () => setValue((await api.filters.showWord({ id })).value))}
        >
          {t('filters.words.show')}
        </Button>
      ) : (
        <code className="rounded bg-sunken px-1.5 py-0.5 text-xs">
          <ExactText text={value} />
        </code>
      )}
    </span>
  )
}

function RemoveWord({ word: { id, name }, onRemoved }: { word: OwnWord; onRemoved: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const remove = async () => {
    if (await run(() => api.filters.removeWord({ id }), t('filters.words.removed'))) onRemoved()
  }
  return (
    <Button
      size="small"
      disabled={busy}
      aria-label={t('filters.words.remove.label', { name })}
      onClick={() => void remove()}
    >
      {t('filters.words.remove')}
    </Button>
  )
}
