import { BrainCircuit, Search, SearchX } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Input } from '../../ui/field.tsx'
import { Empty } from '../../ui/notice.tsx'
import { ConceptRow } from './concept-row.tsx'
import { asked, type MemoryFilter, noFilter } from './memory-filter.ts'
import { MemoryFilters } from './memory-filters.tsx'
import type { Concept, Found, Workspace } from './memory-types.ts'

/** Typing rests this long before main is asked, in milliseconds. */
const restMs = 250
const pageSize = 50
const recalledAtMost = 50
const noFacets = { types: [], sources: [], clients: [] }

interface MemoryListProps {
  readonly workspace: Workspace
  readonly onOpen: (id: string) => void
}

/** Without words: what changed last. With words: what is known about them, and why it stands where it stands. */
export function MemoryList({ workspace, onOpen }: MemoryListProps) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.memory)
  const [typed, setTyped] = useState('')
  const [text, setText] = useState('')
  const [filter, setFilter] = useState<MemoryFilter>(noFilter)
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), restMs)
    return () => clearTimeout(timer)
  }, [typed])
  const facets = useReading((api) => api.memory.facets({ workspace }), `${workspace} ${revision}`).value ?? noFacets
  const narrowed = asked(filter)
  const reading = useReading(
    async (api) => {
      const part = narrowed === undefined ? {} : { filter: filterOf(filter) }
      if (text !== '') {
        const look = { text, limit: recalledAtMost, depth: 0, budget: 1, lookOnly: true }
        return { text, filter, recall: await api.memory.recall({ workspace, ...look, ...part }) }
      }
      return { text, filter, page: await api.memory.list({ workspace, limit: pageSize, ...part }) }
    },
    JSON.stringify([workspace, text, filter, revision]),
  )
  return (
    <>
      <search aria-label={t('memory.search')} className="mb-4 block space-y-3">
        <span className="relative block">
          <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted" />
          <Input
            type="search"
            aria-label={t('memory.search')}
            placeholder={t('memory.search.placeholder')}
            value={typed}
            maxLength={1_000}
            onChange={(event) => setTyped(event.target.value)}
            className="pl-9"
          />
        </span>
        <MemoryFilters filter={filter} facets={facets} onChange={setFilter} />
      </search>
      <ReadingView reading={reading}>
        {(read) =>
          read.recall ? (
            <Recalled recall={read.recall} onOpen={onOpen} />
          ) : (
            <Pages
              key={JSON.stringify([workspace, read.filter, revision])}
              workspace={workspace}
              filter={read.filter}
              first={read.page}
              onOpen={onOpen}
            />
          )
        }
      </ReadingView>
    </>
  )
}

/** As the contract takes it, which has no read-only lists. */
function filterOf(filter: MemoryFilter) {
  return asked(filter) as never
}

interface RecalledProps {
  readonly recall: { readonly found: readonly Found[]; readonly tookMs: number }
  readonly onOpen: (id: string) => void
}

function Recalled({ recall: { found, tookMs }, onOpen }: RecalledProps) {
  const { t, duration } = useWords()
  return (
    <>
      <p role="status" className="mb-2 text-sm text-muted">
        {t('memory.found', { count: found.length, time: duration(tookMs) })}
      </p>
      {found.length === 0 ? (
        <Empty icon={<SearchX />} title={t('memory.nothingFound')}>
          {t('memory.nothingFound.text')}
        </Empty>
      ) : (
        <Card>
          <ol className="divide-y divide-line/70">
            {found.map((one) => (
              <ConceptRow key={one.concept.id} concept={one.concept} found={one} onOpen={onOpen} />
            ))}
          </ol>
        </Card>
      )}
    </>
  )
}

interface PagesProps extends MemoryListProps {
  readonly first: { readonly concepts: readonly Concept[]; readonly next?: string | undefined }
  readonly filter: MemoryFilter
}

function Pages({ first, filter, workspace, onOpen }: PagesProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [more, setMore] = useState<readonly Concept[]>([])
  const [next, setNext] = useState(first.next)
  const concepts = [...first.concepts, ...more]
  const readMore = (from: string) =>
    void run(async () => {
      const part = asked(filter) === undefined ? {} : { filter: filterOf(filter) }
      const page = await api.memory.list({ workspace, limit: pageSize, from, ...part })
      setMore([...more, ...page.concepts])
      setNext(page.next)
    })
  if (concepts.length === 0 && next === undefined) return <Nothing narrowed={asked(filter) !== undefined} />
  return (
    <>
      <Card>
        <ul aria-label={t('memory.tab.list')} className="divide-y divide-line/70">
          {concepts.map((one) => (
            <ConceptRow key={one.id} concept={one} onOpen={onOpen} />
          ))}
        </ul>
      </Card>
      {next !== undefined && (
        <Button size="small" className="mt-4" disabled={busy} onClick={() => readMore(next)}>
          {t('memory.more')}
        </Button>
      )}
    </>
  )
}

function Nothing({ narrowed }: { narrowed: boolean }) {
  const { t } = useWords()
  return narrowed ? (
    <Empty icon={<SearchX />} title={t('memory.nothingFits')}>
      {t('memory.nothingFits.text')}
    </Empty>
  ) : (
    <Empty icon={<BrainCircuit />} title={t('memory.empty')}>
      {t('memory.empty.text')}
    </Empty>
  )
}
