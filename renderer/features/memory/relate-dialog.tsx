import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { shareOf } from './concept-fields.ts'
import { ConceptPicker } from './concept-picker.tsx'
import type { Concept, Relation, Workspace } from './memory-types.ts'
import { useMemory } from './use-memory.ts'

const form = 'relate-concepts'

interface RelateDialogProps {
  readonly concept: Concept
  readonly workspace: Workspace
  /** The one to be put right; a new one without. */
  readonly relation: Relation | undefined
  readonly onClose: () => void
}

const percentOf = (share: number | undefined) => String(Math.round((share ?? 1) * 1_000) / 10)

/** How two concepts are related, how strongly, how sure. Its ends and its kind are what a relation is: another kind is another one. */
export function RelateDialog({ concept, workspace, relation, onClose }: RelateDialogProps) {
  const { t } = useWords()
  const { busy, relate } = useMemory(workspace)
  const [direction, setDirection] = useState<'out' | 'in'>('out')
  const [other, setOther] = useState('')
  const [type, setType] = useState('')
  const [weight, setWeight] = useState(percentOf(relation?.weight))
  const [confidence, setConfidence] = useState(percentOf(relation?.confidence))
  const shares = { weight: shareOf(weight), confidence: shareOf(confidence) }
  const ends =
    relation ??
    (direction === 'out'
      ? { from: concept.name, to: other.trim(), type: type.trim() }
      : { from: other.trim(), to: concept.name, type: type.trim() })
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (shares.weight === undefined || shares.confidence === undefined) return
    const { from, to, type: kind } = ends
    if (await relate(concept, { from, to, type: kind, weight: shares.weight, confidence: shares.confidence })) onClose()
  }
  return (
    <Dialog
      title={
        relation ? `${relation.from} ${relation.type} ${relation.to}` : t('memory.relate.title', { name: concept.name })
      }
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <Button look="primary" type="submit" form={form} disabled={busy}>
          {relation ? t('save') : t('memory.relate.save')}
        </Button>
      }
    >
      <form id={form} onSubmit={(event) => void save(event)} className="grid gap-4 sm:grid-cols-2">
        {!relation && (
          <>
            <div className="sm:col-span-2">
              <ConceptPicker
                label={t('memory.relate.other')}
                hint={t('memory.relate.other.hint')}
                workspace={workspace}
                value={other}
                onChange={setOther}
              />
            </div>
            <Field label={t('memory.relate.type')} hint={t('memory.relate.type.hint')}>
              {(ids) => (
                <Input
                  {...ids}
                  required
                  maxLength={1_000}
                  value={type}
                  onChange={(event) => setType(event.target.value)}
                />
              )}
            </Field>
            <Field label={t('memory.relate.direction')}>
              {(ids) => (
                <Select
                  {...ids}
                  value={direction}
                  onChange={(event) => setDirection(event.target.value === 'in' ? 'in' : 'out')}
                >
                  <option value="out">{t('memory.relate.out', { name: concept.name })}</option>
                  <option value="in">{t('memory.relate.in', { name: concept.name })}</option>
                </Select>
              )}
            </Field>
          </>
        )}
        <Percent label={t('memory.weight')} value={weight} onChange={setWeight} />
        <Percent label={t('memory.confidence')} value={confidence} onChange={setConfidence} />
      </form>
    </Dialog>
  )
}

function Percent({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useWords()
  return (
    <Field
      label={label}
      hint={t('memory.confidence.hint')}
      error={shareOf(value) === undefined ? t('memory.confidence.wrong') : undefined}
    >
      {(ids) => <Input {...ids} inputMode="numeric" value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  )
}
