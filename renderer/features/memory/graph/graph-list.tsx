import { useRef } from 'react'
import { useWords } from '../../../app/words.tsx'
import { ExactText } from '../../../ui/exact-text.tsx'
import { RowRoom } from '../../../ui/row-room.tsx'
import { rowPx, useRowWindow } from '../../../ui/row-window.ts'
import { ScrollGroup } from '../../../ui/scroll-group.tsx'
import { cx } from '../../../ui/ui.ts'
import type { Node } from './picture.ts'

interface GraphListProps {
  readonly nodes: readonly Node[]
  readonly degrees: ReadonlyMap<string, readonly string[]>
  readonly selected: string | undefined
  readonly onPick: (id: string) => void
}

/** The same nodes as in the picture, for the keyboard and screen readers; only the rows in view exist. */
export function GraphList({ nodes, degrees, selected, onPick }: GraphListProps) {
  const { t } = useWords()
  const scroller = useRef<HTMLDivElement>(null)
  const view = useRowWindow(scroller, nodes.length)
  const { first, end, show } = view
  return (
    <ScrollGroup
      ref={scroller}
      label={t('memory.graph.list')}
      className="min-h-0 flex-1 overflow-y-auto rounded-xl border border-line bg-surface shadow-card"
    >
      <RowRoom rows={view}>
        <ul>
          {nodes.slice(first, end).map(({ id, name, type, labels }, place) => (
            <li
              key={id}
              aria-setsize={nodes.length}
              aria-posinset={first + place + 1}
              onFocus={() => show(first + place)}
              style={{ height: rowPx }}
            >
              <button
                type="button"
                aria-pressed={id === selected}
                onClick={() => onPick(id)}
                className={cx(
                  'flex h-full w-full flex-col justify-center border-b border-line/70 px-4 text-left -outline-offset-2',
                  id === selected ? 'bg-accent-soft' : 'hover:bg-ground',
                )}
              >
                <span className="w-full truncate text-sm font-medium">
                  <ExactText text={name} />
                </span>
                <span className="w-full truncate text-xs text-muted">
                  <ExactText text={type} /> · {t('memory.graph.degree', { count: degrees.get(id)?.length ?? 0 })}
                  {labels.map((label) => ` · ${t(`sessions.flow.${label}`)}`)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </RowRoom>
    </ScrollGroup>
  )
}
