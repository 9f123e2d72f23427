import { Download } from 'lucide-react'
import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { saveFile } from '../../ui/save-file.ts'

const formats = ['jsonl', 'csv', 'cef'] as const
type Format = (typeof formats)[number]

/** Saves the log as a file; contents are decrypted for it, which is itself recorded. */
export function ExportButton() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [open, setOpen] = useState(false)
  const [format, setFormat] = useState<Format>('jsonl')
  const save = async () => {
    const saved = await run(
      async () =>
        saveFile(`gatehouse-audit.${format}`, await wholeLog((from) => api.audit.export({ format, ...from }))),
      t('audit.exported'),
    )
    if (saved) setOpen(false)
  }
  return (
    <>
      <Button icon={<Download aria-hidden="true" className="size-4" />} onClick={() => setOpen(true)}>
        {t('audit.export')}
      </Button>
      {open && (
        <Dialog
          title={t('audit.export')}
          description={t('audit.export.text')}
          closeLabel={t('close')}
          onClose={() => setOpen(false)}
          footer={
            <Button look="primary" disabled={busy} onClick={() => void save()}>
              {t('audit.export.save')}
            </Button>
          }
        >
          <Field label={t('audit.format')}>
            {(ids) => (
              <Select {...ids} value={format} onChange={(event) => setFormat(event.target.value as Format)}>
                {formats.map((one) => (
                  <option key={one} value={one}>
                    {t(`audit.format.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </Dialog>
      )}
    </>
  )
}

/** Every piece, in order. */
async function wholeLog(
  piece: (from: { from?: number }) => Promise<{ text: string; next?: number | undefined }>,
): Promise<string[]> {
  const texts: string[] = []
  for (let from: { from?: number } | undefined = {}; from; ) {
    const { text, next } = await piece(from)
    texts.push(text)
    from = next === undefined ? undefined : { from: next }
  }
  return texts
}
