import { Download, Upload } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import type { Workspace } from './memory-types.ts'

/** The memory to a file, and a file into the memory. */
export function Transfer({ workspace }: { workspace: Workspace }) {
  const { t } = useWords()
  const [open, setOpen] = useState<'export' | 'import'>()
  const close = () => setOpen(undefined)
  return (
    <Section
      title={t('memory.files')}
      hint={t('memory.files.text')}
      actions={
        <>
          <Button icon={<Download aria-hidden="true" className="size-4" />} onClick={() => setOpen('export')}>
            {t('memory.export')}
          </Button>
          <Button icon={<Upload aria-hidden="true" className="size-4" />} onClick={() => setOpen('import')}>
            {t('memory.import')}
          </Button>
        </>
      }
    >
      {open === 'export' && <ExportDialog workspace={workspace} onClose={close} />}
      {open === 'import' && <ImportDialog workspace={workspace} onClose={close} />}
    </Section>
  )
}
