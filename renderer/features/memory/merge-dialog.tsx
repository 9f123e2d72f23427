import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ConceptPicker } from './concept-picker.tsx'
import type { Concept, Workspace } from './memory-types.ts'
import { useMemory } from './use-memory.ts'

const form = 'merge-concepts'

interface MergeDialogProps {
  readonly concept: Concept
  readonly workspace: Workspace
  readonly onClose: () => void
}

/** Another concept that is the same thing becomes part of this one. */
export function MergeDialog({ concept, workspace, onClose }: MergeDialogProps) {
  const { t } = useWords()
  const { busy, merge } = useMemory(workspace)
  const [gone, setGone] = useState('')
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (await merge(concept, gone.trim())) onClose()
  }
  return (
    <Dialog
      title={t('memory.merge.title', { name: concept.name })}
      description={t('memory.merge.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <Button look="primary" type="submit" form={form} disabled={busy || ['', concept.name].includes(gone.trim())}>
          {t('memory.merge.save')}
        </Button>
      }
    >
      <form id={form} onSubmit={(event) => void save(event)}>
        <ConceptPicker
          label={t('memory.merge.gone')}
          hint={t('memory.merge.hint')}
          workspace={workspace}
          value={gone}
          without={concept.name}
          onChange={setGone}
        />
      </form>
    </Dialog>
  )
}
