import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { draftOf, noConcept } from './concept-fields.ts'
import { ConceptForm } from './concept-form.tsx'
import type { Workspace } from './memory-types.ts'

const form = 'add-concept'

interface AddConceptProps {
  readonly workspace: Workspace
  readonly onAdded: (id: string) => void
  readonly onClose: () => void
}

/** The person tells the memory something themselves. */
export function AddConcept({ workspace, onAdded, onClose }: AddConceptProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [fields, setFields] = useState(noConcept)
  const add = async () => {
    let id = ''
    const added = await run(
      async () => {
        id = (await api.memory.add({ workspace, ...draftOf(fields) })).concept.id
      },
      t('memory.added', { name: fields.name.trim() }),
    )
    if (!added) return
    onClose()
    onAdded(id) // after closing: both go somewhere, and this is where to
  }
  return (
    <Dialog
      wide
      title={t('memory.add')}
      description={t('memory.add.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <Button look="primary" type="submit" form={form} disabled={busy}>
          {t('memory.add.save')}
        </Button>
      }
    >
      <ConceptForm id={form} fields={fields} onChange={setFields} onSubmit={() => void add()} />
    </Dialog>
  )
}
