import { useWords } from '../../../app/words.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { ExactText } from '../../../ui/exact-text.tsx'
import { Select } from '../../../ui/field.tsx'
import { LabelBadges } from '../label-badges.tsx'
import type { Edge, Node } from './picture.ts'

const depths = [0, 1, 2, 3, 4] as const
const neighboursShown = 30

interface SelectedNodeProps {
  readonly node: Node
  readonly edges: readonly Edge[]
  readonly nameOf: (id: string) => string
  /** Steps around it that are shown alone; 0: everything. */
  readonly depth: number
  readonly onDepth: (depth: number) => void
  readonly onPick: (id: string) => void
  /** Not offered for what is not there any more. */
  readonly onOpen: ((id: string) => void) | undefined
}

/** The node that was chosen, how it is joined, and the ways on from it. */
export function SelectedNode({ node, edges, nameOf, depth, onDepth, onPick, onOpen }: SelectedNodeProps) {
  const { t } = useWords()
  const own = edges.filter(({ from, to }) => from === node.id || to === node.id)
  return (
    <section
      aria-label={t('memory.graph.selected')}
      className="max-h-[60%] overflow-y-auto rounded-xl border border-line bg-surface p-4 shadow-card"
    >
      <h2 className="font-medium break-words">
        <ExactText text={node.name} />
      </h2>
      <p className="mt-1.5 flex flex-wrap gap-1.5">
        <Badge>
          <ExactText text={node.type} />
        </Badge>
        <LabelBadges labels={node.labels} />
      </p>
      <p className="mt-1.5 text-xs text-muted">
        <ExactText text={node.client} />
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        {onOpen && (
          <Button size="small" look="primary" onClick={() => onOpen(node.id)}>
            {t('memory.graph.open')}
          </Button>
        )}
        <Select
          aria-label={t('memory.graph.depth')}
          value={depth}
          className="min-w-40 flex-1"
          onChange={(event) => onDepth(Number(event.target.value))}
        >
          {depths.map((one) => (
            <option key={one} value={one}>
              {one === 0 ? t('memory.graph.depth.all') : t('memory.graph.depth.steps', { count: one })}
            </option>
          ))}
        </Select>
      </div>
      {own.length > 0 && (
        <ul aria-label={t('memory.relations')} className="mt-3 space-y-1 text-sm">
          {own.slice(0, neighboursShown).map(({ id, from, to, type }) => {
            const other = from === node.id ? to : from
            return (
              <li key={id} className="break-words">
                <span className="text-muted">
                  {from === node.id ? '→' : '←'} <ExactText text={type} />
                </span>{' '}
                <button
                  type="button"
                  onClick={() => onPick(other)}
                  className="text-left hover:text-accent hover:underline hover:underline-offset-4"
                >
                  <ExactText text={nameOf(other)} />
                </button>
              </li>
            )
          })}
          {own.length > neighboursShown && (
            <li className="text-muted">{t('memory.change.more', { count: own.length - neighboursShown })}</li>
          )}
        </ul>
      )}
    </section>
  )
}
