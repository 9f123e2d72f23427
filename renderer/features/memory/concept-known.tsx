import { X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { Input } from '../../ui/field.tsx'
import { LabelBadges } from './label-badges.tsx'
import type { Concept, Workspace } from './memory-types.ts'
import { ProvenanceLine } from './provenance.tsx'
import { useMemory } from './use-memory.ts'

const shownFirst = 50

/** What is known of a concept, each thing with who brought it. */
export function ConceptKnown({ concept, workspace }: { concept: Concept; workspace: Workspace }) {
  const { t, when, language } = useWords()
  const percent = new Intl.NumberFormat(language, { style: 'percent' })
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
  const { accessedAt } = concept
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap gap-2">
        <Badge tone="accent">
          <ExactText text={concept.type} />
        </Badge>
        <LabelBadges labels={concept.labels} />
      </div>
      {concept.labels.includes('untrusted') && <p className="text-sm text-warn">{t('memory.untrusted.text')}</p>}
      {concept.description && (
        <p className="break-words whitespace-pre-wrap">
          <ExactText text={concept.description} />
        </p>
      )}
      <Observations concept={concept} workspace={workspace} />
      {Object.keys(concept.attributes).length > 0 && (
        <section>
          <h3 className="mb-1.5 text-sm font-semibold">{t('memory.attributes')}</h3>
          <ExactBlock text={JSON.stringify(concept.attributes, null, 2)} label={t('memory.attributes')} />
        </section>
      )}
      <Facts
        facts={[
          [
            t('memory.created'),
            <ProvenanceLine key="c" by={concept.createdBy} at={concept.createdAt} of={t('memory.created')} />,
          ],
          [
            t('memory.updated'),
            <ProvenanceLine key="u" by={concept.updatedBy} at={concept.updatedAt} of={t('memory.updated')} />,
          ],
          [t('memory.confidence'), percent.format(concept.confidence)],
          [t('memory.source'), <ExactText key="s" text={concept.source} />],
          [t('memory.strength'), number.format(concept.strength)],
          [
            t('memory.recalled'),
            accessedAt === undefined
              ? t('memory.recalled.never')
              : t('memory.recalled.times', { count: concept.accessCount, time: when(accessedAt) }),
          ],
          [
            t('memory.id'),
            <code key="i" className="font-mono text-xs">
              {concept.id}
            </code>,
          ],
        ]}
      />
    </div>
  )
}

function Observations({ concept, workspace }: { concept: Concept; workspace: Workspace }) {
  const { t } = useWords()
  const { busy, update } = useMemory(workspace)
  const [all, setAll] = useState(false)
  const { observations } = concept
  const shown = all ? observations : observations.slice(0, shownFirst)
  const texts = observations.map(({ text }) => text)
  return (
    <section aria-label={t('memory.observed')}>
      <h3 className="mb-1.5 text-sm font-semibold">{t('memory.observed')}</h3>
      {observations.length === 0 && <p className="text-sm text-muted">{t('memory.observed.none')}</p>}
      <ul className="divide-y divide-line/70">
        {shown.map((one, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same text may stand there twice
          <li key={`${place} ${one.text}`} className="flex items-start gap-2 py-2">
            <div className="min-w-0 flex-1">
              <p className="text-sm break-words whitespace-pre-wrap">
                <ExactText text={one.text} />
              </p>
              <ProvenanceLine by={one.by} at={one.at} of={one.text.slice(0, 60)} withLabels />
            </div>
            <IconButton
              label={t('memory.observed.remove', { text: one.text.slice(0, 60) })}
              disabled={busy}
              className="-mr-2 shrink-0"
              onClick={() => void update(concept, { observations: texts.toSpliced(place, 1) })}
            >
              <X aria-hidden="true" className="size-4" />
            </IconButton>
          </li>
        ))}
      </ul>
      {shown.length < observations.length && (
        <Button size="small" className="mt-2" onClick={() => setAll(true)}>
          {t('memory.observed.all', { count: observations.length })}
        </Button>
      )}
      <AddObservation busy={busy} onAdd={(text) => update(concept, { observations: [...texts, text] })} />
    </section>
  )
}

function AddObservation({ busy, onAdd }: { busy: boolean; onAdd: (text: string) => Promise<boolean> }) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (await onAdd(text.trim())) setText('')
  }
  return (
    <form className="mt-2 flex gap-2" onSubmit={(event) => void add(event)}>
      <Input
        aria-label={t('memory.observed.new')}
        placeholder={t('memory.observed.new')}
        value={text}
        maxLength={100_000}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={busy || text.trim() === ''}>
        {t('memory.observed.add')}
      </Button>
    </form>
  )
}
