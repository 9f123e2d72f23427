import { Share2 } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { EpochMs } from '../../../../shared/domain/ids.ts'
import { fits } from '../../../app/fits.ts'
import { useMirror, useReading } from '../../../app/gatehouse-context.tsx'
import { ReadingView } from '../../../app/reading-view.tsx'
import { useWords } from '../../../app/words.tsx'
import { Input } from '../../../ui/field.tsx'
import { Empty, Notice } from '../../../ui/notice.tsx'
import type { Workspace } from '../memory-types.ts'
import { canDraw } from './drawing.ts'
import { GraphCanvas } from './graph-canvas.tsx'
import { GraphChoices, GraphLegend } from './graph-choices.tsx'
import { coloursOf, typeColours } from './graph-colours.ts'
import { GraphList } from './graph-list.tsx'
import { type Choice, chosen, everything, neighbours, type Picture, readPicture } from './picture.ts'
import { SelectedNode } from './selected-node.tsx'
import { TimeSlider } from './time-slider.tsx'
import { useLayout } from './use-layout.ts'

interface GraphViewProps {
  readonly workspace: Workspace
  readonly onOpen: (id: string) => void
}

/** The memory as a graph: a picture, and the same as a list. Now, or as it was on a day. */
export function GraphView({ workspace, onOpen }: GraphViewProps) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.memory)
  const [asOf, setAsOf] = useState<number>()
  const [since, setSince] = useState<number>()
  const reading = useReading(
    async (api) => ({ asOf, picture: await readPicture(api, workspace, asOf as EpochMs | undefined) }),
    `${workspace} ${revision} ${asOf}`,
  )
  const read = reading.value
  useEffect(() => {
    if (read === undefined || read.asOf !== undefined || read.picture.nodes.length === 0) return
    setSince(read.picture.nodes.reduce((first, { createdAt }) => Math.min(first, createdAt), Date.now()))
  }, [read])
  return (
    <div className="space-y-3">
      {since !== undefined && <TimeSlider key={since} since={since} value={asOf} onChange={setAsOf} />}
      <ReadingView reading={reading}>
        {({ picture, asOf: then }) =>
          picture.nodes.length === 0 ? (
            <Empty icon={<Share2 />} title={t(then === undefined ? 'memory.empty' : 'memory.graph.nothingThen')}>
              {t(then === undefined ? 'memory.empty.text' : 'memory.graph.nothingThen.text')}
            </Empty>
          ) : (
            <Shown picture={picture} onOpen={then === undefined ? onOpen : undefined} />
          )
        }
      </ReadingView>
    </div>
  )
}

interface ShownProps {
  readonly picture: Picture
  readonly onOpen: ((id: string) => void) | undefined
}

function Shown({ picture: whole, onOpen }: ShownProps) {
  const { t, language } = useWords()
  const [draws] = useState(canDraw)
  const [choice, setChoice] = useState<Choice>(everything)
  const [query, setQuery] = useState('')
  const [selected, setSelected] = useState<string>()
  const laid = useLayout(whole)
  const picture = useMemo(() => chosen(whole, choice), [whole, choice])
  const joins = useMemo(() => neighbours(picture.edges), [picture])
  const names = useMemo(() => new Map(whole.nodes.map(({ id, name }) => [id as string, name])), [whole])
  const matching = useMemo(
    () => (query.trim() === '' ? picture.nodes : picture.nodes.filter(({ name, type }) => fits(query, [name, type]))),
    [picture, query],
  )
  const found = useMemo(
    () => (matching === picture.nodes ? [] : matching.map(({ id }) => id as string)),
    [matching, picture],
  )
  const theme = useMirror((mirror) => mirror.setup?.theme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme says when the colours are other ones
  const types = useMemo(() => {
    const all = whole.nodes.map(({ type }) => type)
    return typeColours(all, coloursOf(document.documentElement.dataset.theme))
  }, [whole, theme])
  const node = whole.nodes.find(({ id }) => id === selected)
  const number = new Intl.NumberFormat(language)
  const focus = (depth: number) =>
    setChoice({ ...choice, focus: depth === 0 || selected === undefined ? undefined : { id: selected, depth } })
  return (
    <>
      <GraphChoices choice={choice} types={types} onChange={setChoice} />
      {!draws && <Notice tone="warn">{t('memory.graph.noWebGl')}</Notice>}
      {whole.nodes.length < whole.total && (
        <Notice>
          {t('memory.graph.cut', { shown: number.format(whole.nodes.length), total: number.format(whole.total) })}
        </Notice>
      )}
      <div className="grid gap-3 lg:h-[max(24rem,calc(100dvh-29rem))] lg:grid-cols-[1fr_19rem]">
        <div className="flex h-96 flex-col gap-2 lg:h-full">
          {draws && (
            <>
              <div className="grid min-h-0 flex-1">
                <GraphCanvas picture={picture} laid={laid} found={found} selected={selected} onPick={setSelected} />
              </div>
              <GraphLegend types={types} />
            </>
          )}
        </div>
        <div className="flex h-112 min-h-0 flex-col gap-3 lg:h-full">
          <Input
            type="search"
            aria-label={t('memory.graph.search')}
            placeholder={t('memory.graph.search')}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
          <p role="status" className="text-xs text-muted">
            {laid.share < 1 ? t('memory.graph.laying') : t('memory.graph.shown', { count: matching.length })}
          </p>
          <GraphList nodes={matching} degrees={joins} selected={selected} onPick={setSelected} />
          {node && (
            <SelectedNode
              node={node}
              edges={picture.edges}
              nameOf={(id) => names.get(id) ?? id}
              depth={choice.focus?.id === node.id ? choice.focus.depth : 0}
              onDepth={focus}
              onPick={setSelected}
              onOpen={onOpen}
            />
          )}
        </div>
      </div>
    </>
  )
}
