import { ArrowRight, Link2, X } from 'lucide-react'
import { useState } from 'react'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LabelBadges } from './label-badges.tsx'
import type { Concept, Relation, Workspace } from './memory-types.ts'
import { ProvenanceLine } from './provenance.tsx'
import { RelateDialog } from './relate-dialog.tsx'
import { useMemory } from './use-memory.ts'

/** Neighbours looked at; more are said to be there. */
const neighboursAtMost = 300

interface ConceptRelationsProps {
  readonly concept: Concept
  readonly workspace: Workspace
  readonly onOpen: (id: string) => void
}

/** What a concept is related to, the strongest first, with who said so. */
export function ConceptRelations({ concept, workspace, onOpen }: ConceptRelationsProps) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.memory)
  const [relating, setRelating] = useState<Relation | 'new'>()
  const around = { names: [concept.name], depth: 1, budget: neighboursAtMost }
  const reading = useReading(
    (api) => api.memory.subgraph({ workspace, ...around }),
    `${workspace} ${concept.id} ${revision}`,
  )
  return (
    <div className="space-y-4">
      <Button icon={<Link2 aria-hidden="true" className="size-4" />} onClick={() => setRelating('new')}>
        {t('memory.relate')}
      </Button>
      <ReadingView reading={reading}>
        {({ relations, concepts, cut }) => {
          const ids = new Map(concepts.map(({ name, id }) => [name, id]))
          const own = relations.filter(({ from, to }) => from === concept.name || to === concept.name)
          return (
            <>
              {own.length === 0 && <p className="text-sm text-muted">{t('memory.relations.none')}</p>}
              <ul aria-label={t('memory.relations')} className="divide-y divide-line/70">
                {own
                  .toSorted((a, b) => b.weight - a.weight)
                  .map((relation) => (
                    <RelationRow
                      key={relation.id}
                      relation={relation}
                      of={concept.name}
                      ids={ids}
                      workspace={workspace}
                      onOpen={onOpen}
                      onEdit={() => setRelating(relation)}
                    />
                  ))}
              </ul>
              {cut && <Notice>{t('memory.relations.more')}</Notice>}
            </>
          )
        }}
      </ReadingView>
      {relating && (
        <RelateDialog
          concept={concept}
          workspace={workspace}
          relation={relating === 'new' ? undefined : relating}
          onClose={() => setRelating(undefined)}
        />
      )}
    </div>
  )
}

interface RelationRowProps {
  readonly relation: Relation
  readonly of: string
  readonly ids: ReadonlyMap<string, string>
  readonly workspace: Workspace
  readonly onOpen: (id: string) => void
  readonly onEdit: () => void
}

function RelationRow({ relation, of, ids, workspace, onOpen, onEdit }: RelationRowProps) {
  const { t, language } = useWords()
  const { busy, forgetRelation } = useMemory(workspace)
  const percent = new Intl.NumberFormat(language, { style: 'percent' })
  const { from, to, type, weight, confidence, inferred, labels, createdBy, createdAt } = relation
  const sentence = `${from} ${type} ${to}`
  const end = (name: string) => {
    const id = ids.get(name)
    if (name === of || id === undefined) return <ExactText text={name} />
    return (
      <button
        type="button"
        onClick={() => onOpen(id)}
        className="text-left font-medium break-words hover:text-accent hover:underline hover:underline-offset-4"
      >
        <ExactText text={name} />
      </button>
    )
  }
  return (
    <li className="flex items-start gap-2 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm break-words">
          {end(from)}
          <span className="inline-flex items-center gap-1.5 text-muted">
            <ExactText text={type} />
            <ArrowRight aria-hidden="true" className="size-3.5" />
          </span>
          {end(to)}
          {inferred && <Badge>{t('memory.relation.inferred')}</Badge>}
          <LabelBadges labels={labels} />
        </p>
        <p className="text-xs text-muted">
          {t('memory.relation.figures', { weight: percent.format(weight), confidence: percent.format(confidence) })}
        </p>
        <ProvenanceLine by={createdBy} at={createdAt} of={sentence} />
        {Object.keys(relation.attributes).length > 0 && (
          <p className="mt-0.5 font-mono text-xs break-words text-muted">
            <ExactText text={JSON.stringify(relation.attributes)} />
          </p>
        )}
      </div>
      <Button size="small" look="quiet" aria-label={t('memory.relation.edit', { sentence })} onClick={onEdit}>
        {t('memory.edit')}
      </Button>
      <IconButton
        label={t('memory.relation.forget', { sentence })}
        disabled={busy}
        className="-mr-2 shrink-0"
        onClick={() => void forgetRelation(relation)}
      >
        <X aria-hidden="true" className="size-4" />
      </IconButton>
    </li>
  )
}
