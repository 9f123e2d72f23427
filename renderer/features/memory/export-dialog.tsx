import { type FormEvent, useState } from 'react'
import type { MemoryFormat } from '../../../shared/domain/memory.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FileFields } from './file-fields.tsx'
import type { Workspace } from './memory-types.ts'

const form = 'export-memory'

/** Writes everything to a new file on this computer. */
export function ExportDialog({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [file, setFile] = useState('')
  const [format, setFormat] = useState<MemoryFormat>('json')
  const save = (event: FormEvent) => {
    event.preventDefault()
    const to = file.trim()
    void run(() => api.memory.export({ workspace, file: to, format }), t('memory.exported', { file: to })).then(
      (saved) => saved && onClose(),
    )
  }
  return (
    <Dialog
      title={t('memory.export')}
      description={t('memory.export.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <Button look="primary" type="submit" form={form} disabled={busy || file.trim() === ''}>
          {t('memory.export.save')}
        </Button>
      }
    >
      <form id={form} onSubmit={save} className="grid gap-4">
        <FileFields file={file} format={format} onFile={setFile} onFormat={setFormat} />
      </form>
    </Dialog>
  )
}
