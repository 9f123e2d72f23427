import { History, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { ConceptId } from '../../../shared/domain/memory.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import type { Workspace, Write } from './memory-types.ts'
import { ProvenanceLine } from './provenance.tsx'
import { useMemory } from './use-memory.ts'

const pageSize = 50
/** Of one write, so many changed things are named. */
const namedAtMost = 6

interface WriteListProps {
  readonly workspace: Workspace
  /** Only what touched this concept. */
  readonly of?: ConceptId
  readonly onOpen: (id: string) => void
}

/** What was changed, by whom, the newest first; each can be taken back while nothing built on it. */
export function WriteList({ workspace, of, onOpen }: WriteListProps) {
  const revision = useMirror((mirror) => mirror.revision.memory)
  const query = { workspace, limit: pageSize, ...(of === undefined ? {} : { of: { id: of } }) }
  const reading = useReading((api) => api.memory.history(query), `${workspace} ${of} ${revision}`)
  return (
    <ReadingView reading={reading}>
      {({ writes }) => <Writes key={writes[0]?.id ?? ''} first={writes} query={query} onOpen={onOpen} />}
    </ReadingView>
  )
}

interface WritesProps {
  readonly first: readonly Write[]
  readonly query: { readonly workspace: Workspace; readonly limit: number; readonly of?: { readonly id: ConceptId } }
  readonly onOpen: (id: string) => void
}

function Writes({ first, query, onOpen }: WritesProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [older, setOlder] = useState<readonly Write[]>([])
  const [done, setDone] = useState(first.length < pageSize)
  const writes = [...first, ...older]
  const last = writes.at(-1)
  if (!last)
    return (
      <Empty icon={<History />} title={t('memory.changes.none')}>
        {t('memory.changes.none.text')}
      </Empty>
    )
  const readOlder = () =>
    void run(async () => {
      const page = await api.memory.history({ ...query, before: last.id })
      setOlder([...older, ...page.writes])
      setDone(page.writes.length < pageSize)
    })
  return (
    <>
      <Card>
        <ol aria-label={t('memory.tab.changes')} className="divide-y divide-line/70">
          {writes.map((write) => (
            <WriteRow key={write.id} write={write} workspace={query.workspace} onOpen={onOpen} />
          ))}
        </ol>
      </Card>
      {!done && (
        <Button size="small" className="mt-4" disabled={busy} onClick={readOlder}>
          {t('memory.changes.older')}
        </Button>
      )}
    </>
  )
}

interface WriteRowProps {
  readonly write: Write
  readonly workspace: Workspace
  readonly onOpen: (id: string) => void
}

function WriteRow({ write, workspace, onOpen }: WriteRowProps) {
  const { t } = useWords()
  const { busy, undo } = useMemory(workspace)
  const what = t(`memory.act.${write.act}`)
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-5 py-3.5">
      <div className="min-w-60 flex-1">
        <p className="text-sm font-medium">{what}</p>
        <ul className="mt-0.5 space-y-0.5 text-sm">
          {write.changes.slice(0, namedAtMost).map((change) => (
            <li key={`${change.what} ${change.id}`} className="break-words">
              <span className="text-muted">{t(`memory.change.${change.kind}`)}</span>{' '}
              {change.what === 'concept' ? (
                <button
                  type="button"
                  className="text-left hover:text-accent hover:underline hover:underline-offset-4"
                  onClick={() => onOpen(change.id)}
                >
                  <ExactText text={change.name} />
                </button>
              ) : (
                <ExactText text={change.name} />
              )}
            </li>
          ))}
          {write.changeCount > namedAtMost && (
            <li className="text-muted">{t('memory.change.more', { count: write.changeCount - namedAtMost })}</li>
          )}
        </ul>
        <p className="mt-1">
          <ProvenanceLine by={write.by} at={write.at} of={what} withLabels />
        </p>
      </div>
      {write.undoneBy ? (
        <Badge>{t('memory.change.undone')}</Badge>
      ) : (
        <Button
          size="small"
          disabled={busy}
          icon={<Undo2 aria-hidden="true" className="size-4" />}
          aria-label={t('memory.change.undo.label', { what, name: write.changes[0]?.name ?? '' })}
          onClick={() => void undo(write.id)}
        >
          {t('undo')}
        </Button>
      )}
    </li>
  )
}
