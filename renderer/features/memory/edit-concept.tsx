import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { changesOf, fieldsOf } from './concept-fields.ts'
import { ConceptForm } from './concept-form.tsx'
import type { Concept, Workspace } from './memory-types.ts'
import { useMemory } from './use-memory.ts'

const form = 'edit-concept'

interface EditConceptProps {
  readonly concept: Concept
  readonly workspace: Workspace
  readonly onClose: () => void
}

export function EditConcept({ concept, workspace, onClose }: EditConceptProps) {
  const { t } = useWords()
  const { busy, update } = useMemory(workspace)
  const [fields, setFields] = useState(() => fieldsOf(concept))
  const changes = changesOf(concept, fields)
  const save = async () => {
    if (await update(concept, changes as Parameters<typeof update>[1])) onClose()
  }
  return (
    <Dialog
      wide
      title={t('memory.edit.title', { name: concept.name })}
      description={t('memory.edit.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <Button look="primary" type="submit" form={form} disabled={busy || Object.keys(changes).length === 0}>
          {t('save')}
        </Button>
      }
    >
      <ConceptForm id={form} fields={fields} onChange={setFields} onSubmit={() => void save()} />
    </Dialog>
  )
}
