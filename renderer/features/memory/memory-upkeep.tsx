import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { EmbedderForm } from './embedder-form.tsx'
import { EraseDialog } from './erase-dialog.tsx'
import { LearningList } from './learning-list.tsx'
import type { Workspace } from './memory-types.ts'
import { Transfer } from './transfer.tsx'
import { useMemory } from './use-memory.ts'

/** From whom it may learn, what compares it, tidying up, and erasing all of it. */
export function MemoryUpkeep({ workspace }: { workspace: Workspace }) {
  const { t } = useWords()
  const { busy, tidy, erase } = useMemory(workspace)
  const [erasing, setErasing] = useState(false)
  return (
    <>
      <LearningList />
      <Section title={t('memory.embedder')} hint={t('memory.embedder.text')}>
        <EmbedderForm workspace={workspace} />
      </Section>
      <Transfer workspace={workspace} />
      <Section
        title={t('memory.tidy')}
        hint={t('memory.tidy.text')}
        actions={
          <Button disabled={busy} icon={<Sparkles aria-hidden="true" className="size-4" />} onClick={() => void tidy()}>
            {t('memory.tidy.now')}
          </Button>
        }
      >
        {null}
      </Section>
      <Section
        title={t('memory.eraseAll')}
        hint={t('memory.eraseAll.text')}
        actions={
          <Button look="danger-quiet" onClick={() => setErasing(true)}>
            {t('memory.eraseAll.open')}
          </Button>
        }
      >
        {null}
      </Section>
      {erasing && (
        <EraseDialog
          title={t('memory.eraseAll.title')}
          text={t('memory.eraseAll.sure', { workspace })}
          busy={busy}
          onErase={async () => {
            await erase('all')
          }}
          onClose={() => setErasing(false)}
        />
      )}
    </>
  )
}
