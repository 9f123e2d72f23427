import { type FormEvent, useState } from 'react'
import type { MemoryFormat } from '../../../shared/domain/memory.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Check } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { FileFields } from './file-fields.tsx'
import type { Workspace } from './memory-types.ts'
import { useMemory } from './use-memory.ts'

const form = 'import-memory'

/** Brings a file in, all of it or nothing, and says how far it is; it can be cancelled, and taken back afterwards. */
export function ImportDialog({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { undo } = useMemory(workspace)
  const toast = useMirror((mirror) => mirror.toast)
  const [file, setFile] = useState('')
  const [format, setFormat] = useState<MemoryFormat>('json')
  const [replace, setReplace] = useState(false)
  const [trusted, setTrusted] = useState(false)
  const bring = async (event: FormEvent) => {
    event.preventDefault()
    const brought = await run(async () => {
      const mode = replace ? 'replace' : 'merge'
      const done = await api.memory.import({ workspace, file: file.trim(), format, mode, trusted })
      const { concepts, relations, merged, write } = done
      toast(
        'ok',
        t('memory.imported', { concepts, relations, merged }),
        write === undefined ? undefined : { label: t('undo'), run: () => void undo(write) },
      )
    })
    if (brought) onClose()
  }
  return (
    <Dialog
      title={t('memory.import')}
      description={t('memory.import.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <Button look="primary" type="submit" form={form} disabled={busy || file.trim() === ''}>
          {t('memory.import.save')}
        </Button>
      }
    >
      <form id={form} onSubmit={(event) => void bring(event)} className="grid gap-4">
        <FileFields file={file} format={format} onFile={setFile} onFormat={setFormat} />
        <Check
          checked={replace}
          label={t('memory.import.replace')}
          hint={t('memory.import.replace.hint')}
          onChange={setReplace}
        />
        <Check
          checked={trusted}
          label={t('memory.import.trusted')}
          hint={t('memory.import.trusted.hint')}
          onChange={setTrusted}
        />
        {busy && <Progress workspace={workspace} />}
      </form>
    </Dialog>
  )
}

function Progress({ workspace }: { workspace: Workspace }) {
  const { t, language } = useWords()
  const api = useApi()
  const { run } = useAction()
  const told = useMirror((mirror) => mirror.importing[workspace])
  const number = new Intl.NumberFormat(language)
  const { phase, done, total } = told ?? { phase: 'reading' as const, done: 0, total: 0 }
  const cancel = (
    <Button size="small" onClick={() => void run(() => api.memory.cancelImport({ workspace }))}>
      {t('cancel')}
    </Button>
  )
  return (
    <Notice action={cancel}>
      <p role="status">
        {t(phase === 'writing' ? 'memory.importing.writing' : 'memory.importing.reading', {
          done: number.format(done),
          total: number.format(total),
        })}
      </p>
      <progress
        aria-label={t('memory.import')}
        {...(total === 0 ? {} : { value: done, max: total })}
        className="mt-1.5 block h-1.5 w-full accent-accent"
      />
    </Notice>
  )
}
