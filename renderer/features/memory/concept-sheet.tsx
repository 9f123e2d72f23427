import { Merge, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ConceptId } from '../../../shared/domain/memory.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { ConceptKnown } from './concept-known.tsx'
import { ConceptRelations } from './concept-relations.tsx'
import { EditConcept } from './edit-concept.tsx'
import { EraseDialog } from './erase-dialog.tsx'
import type { Concept, Workspace } from './memory-types.ts'
import { MergeDialog } from './merge-dialog.tsx'
import { useMemory } from './use-memory.ts'
import { WriteList } from './write-list.tsx'

interface ConceptSheetProps {
  readonly id: string
  readonly workspace: Workspace
  readonly onOpen: (id: string) => void
  readonly onClose: () => void
}

/** One concept in full, from the side: what is known, what it is related to, what was done to it. */
export function ConceptSheet({ id, workspace, onOpen, onClose }: ConceptSheetProps) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.memory)
  const of = { id: id as ConceptId }
  const reading = useReading((api) => api.memory.concept({ workspace, of }), `${workspace} ${id} ${revision}`)
  const concept = reading.value?.concept
  return (
    <Dialog
      placement="side"
      title={concept?.name ?? t('memory.concept')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={concept && <Footer concept={concept} workspace={workspace} onGone={onClose} />}
    >
      <ReadingView reading={reading}>
        {({ concept: found }) => (
          <>
            {!found && (
              <div className="mb-5">
                <Notice>{t('memory.gone')}</Notice>
              </div>
            )}
            <Tabs
              key={found ? 'there' : 'gone'}
              label={found?.name ?? t('memory.concept')}
              tabs={[
                ...(found
                  ? [
                      {
                        id: 'known',
                        label: t('memory.known'),
                        content: <ConceptKnown concept={found} workspace={workspace} />,
                      },
                      {
                        id: 'relations',
                        label: t('memory.relations'),
                        content: <ConceptRelations concept={found} workspace={workspace} onOpen={onOpen} />,
                      },
                    ]
                  : []),
                {
                  id: 'history',
                  label: t('memory.history'),
                  content: <WriteList workspace={workspace} of={of.id} onOpen={onOpen} />,
                },
              ]}
            />
          </>
        )}
      </ReadingView>
    </Dialog>
  )
}

interface FooterProps {
  readonly concept: Concept
  readonly workspace: Workspace
  readonly onGone: () => void
}

function Footer({ concept, workspace, onGone }: FooterProps) {
  const { t } = useWords()
  const { busy, forget, erase } = useMemory(workspace)
  const [open, setOpen] = useState<'edit' | 'merge' | 'erase'>()
  const close = () => setOpen(undefined)
  const eraseIt = async () => {
    if (await erase({ concepts: [{ id: concept.id }] })) onGone()
  }
  return (
    <>
      <Button look="danger-quiet" className="mr-auto" onClick={() => setOpen('erase')}>
        {t('memory.erase')}
      </Button>
      <Button icon={<Merge aria-hidden="true" className="size-4" />} onClick={() => setOpen('merge')}>
        {t('memory.merge')}
      </Button>
      <Button icon={<Pencil aria-hidden="true" className="size-4" />} onClick={() => setOpen('edit')}>
        {t('memory.edit')}
      </Button>
      <Button
        disabled={busy}
        icon={<Trash2 aria-hidden="true" className="size-4" />}
        onClick={() => void forget(concept).then((done) => done && onGone())}
      >
        {t('memory.forget')}
      </Button>
      {open === 'edit' && <EditConcept concept={concept} workspace={workspace} onClose={close} />}
      {open === 'merge' && <MergeDialog concept={concept} workspace={workspace} onClose={close} />}
      {open === 'erase' && (
        <EraseDialog
          title={t('memory.erase.title', { name: concept.name })}
          text={t('memory.erase.text')}
          busy={busy}
          onErase={eraseIt}
          onClose={close}
        />
      )}
    </>
  )
}
