import { Maximize2, Minus, Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useMirror } from '../../../app/gatehouse-context.tsx'
import { useWords } from '../../../app/words.tsx'
import { IconButton } from '../../../ui/button.tsx'
import { Drawing } from './drawing.ts'
import { coloursOf } from './graph-colours.ts'
import type { Picture } from './picture.ts'
import type { Laid } from './use-layout.ts'

interface GraphCanvasProps {
  readonly picture: Picture
  readonly laid: Laid
  readonly found: readonly string[]
  readonly selected: string | undefined
  readonly onPick: (id: string | undefined) => void
}

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** The graph as a picture; everything in it is also in the list beside it. */
export function GraphCanvas({ picture, laid, found, selected, onPick }: GraphCanvasProps) {
  const { t } = useWords()
  const element = useRef<HTMLDivElement>(null)
  const [drawing, setDrawing] = useState<Drawing>()
  const pick = useRef(onPick)
  pick.current = onPick
  const theme = useMirror((mirror) => mirror.setup?.theme)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme says when the colours are other ones
  useEffect(() => {
    if (!element.current) return
    const colours = coloursOf(document.documentElement.dataset.theme)
    const made = new Drawing({ element: element.current, colours, still: still(), onPick: (id) => pick.current(id) })
    setDrawing(made)
    return () => made.end()
  }, [theme])
  const at = useRef(laid.at)
  at.current = laid.at
  useEffect(() => drawing?.show(picture, at.current), [drawing, picture])
  useEffect(() => drawing?.move(laid.ids, laid.positions), [drawing, laid])
  useEffect(() => drawing?.find(found), [drawing, found])
  useEffect(() => {
    drawing?.select(selected)
    if (selected !== undefined) drawing?.lookAt(selected)
  }, [drawing, selected])
  return (
    <div className="relative min-h-0 overflow-hidden rounded-xl border border-line bg-surface shadow-card">
      <div
        ref={element}
        role="img"
        aria-label={t('memory.graph.name', { nodes: picture.nodes.length, edges: picture.edges.length })}
        data-laid={laid.share >= 1}
        className="absolute inset-0"
      />
      <div className="absolute right-2 bottom-2 flex flex-col rounded-lg border border-line bg-surface">
        <IconButton label={t('memory.graph.in')} onClick={() => drawing?.zoom('in')}>
          <Plus aria-hidden="true" className="size-4" />
        </IconButton>
        <IconButton label={t('memory.graph.out')} onClick={() => drawing?.zoom('out')}>
          <Minus aria-hidden="true" className="size-4" />
        </IconButton>
        <IconButton label={t('memory.graph.all')} onClick={() => drawing?.zoom('all')}>
          <Maximize2 aria-hidden="true" className="size-4" />
        </IconButton>
      </div>
    </div>
  )
}
