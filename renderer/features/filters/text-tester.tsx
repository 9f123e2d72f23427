import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { filters } from '../../../shared/contract/filters.ts'
import { type Direction, directions } from '../../../shared/domain/filters.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, Select, TextArea } from '../../ui/field.tsx'
import { Table } from '../../ui/table.tsx'
import { severityTones } from './filter-table.tsx'
import { reasonIn } from './filter-words.ts'
import { MarkedText } from './marked-text.tsx'

type Tested = z.output<typeof filters.test.output>
const longestText = 100_000

/** Paste a text and see what fires: where, what, why, and what would happen to it. */
export function TextTester({ server }: { server: string }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [text, setText] = useState('')
  const [direction, setDirection] = useState<Direction>('reply')
  const [tested, setTested] = useState<{ readonly of: string; readonly found: Tested }>()
  const look = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => setTested({ of: text, found: await api.filters.test({ text, direction, server }) }))
  }
  return (
    <Card className="p-5">
      <form onSubmit={look} className="grid gap-4">
        <Field label={t('filters.test.text')}>
          {(ids) => (
            <TextArea
              {...ids}
              rows={6}
              maxLength={longestText}
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="w-full"
            />
          )}
        </Field>
        <div className="flex flex-wrap items-end gap-4">
          <Field label={t('filters.test.as')}>
            {(ids) => (
              <Select
                {...ids}
                value={direction}
                onChange={(event) => setDirection(event.target.value as Direction)}
                className="w-64"
              >
                {directions.map((one) => (
                  <option key={one} value={one}>
                    {t(`filters.test.as.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Button type="submit" disabled={busy || text === ''}>
            {t('filters.test.run')}
          </Button>
        </div>
      </form>
      <div role="status">{tested && <Findings text={tested.of} found={tested.found} />}</div>
    </Card>
  )
}

function Findings({ text, found: { findings, tookMicros } }: { text: string; found: Tested }) {
  const { t } = useWords()
  if (findings.length === 0)
    return <p className="mt-4 border-t border-line pt-4 text-sm">{t('filters.test.nothing')}</p>
  return (
    <div className="mt-4 grid gap-4 border-t border-line pt-4">
      <p className="text-sm">{t('filters.test.found', { count: findings.length, micros: tookMicros })}</p>
      <Table
        label={t('filters.test')}
        rows={findings}
        rowKey={({ filter, word, start }) => `${filter} ${word ?? ''} ${start}`}
        columns={[
          {
            id: 'what',
            title: t('filters.test.what'),
            cell: ({ filter, word }) => word ?? t(`filters.name.${filter}`),
          },
          { id: 'why', title: t('filters.test.why'), cell: ({ reason }) => reasonIn(t, reason) },
          {
            id: 'severity',
            title: t('column.severity'),
            cell: ({ severity }) => <Badge tone={severityTones[severity]}>{t(`filters.severity.${severity}`)}</Badge>,
          },
          { id: 'then', title: t('filters.test.then'), cell: ({ action }) => t(`filters.action.${action}`) },
          {
            id: 'where',
            title: t('filters.test.where'),
            cell: ({ line, column }) => t('filters.test.place', { line, column }),
          },
        ]}
      />
      <MarkedText label={t('filters.test.marked')} text={text} findings={findings} />
    </div>
  )
}
