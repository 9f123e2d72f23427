import { type FormEvent, useState } from 'react'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

interface Kept {
  readonly days: number
  readonly piiDays: number
}
interface RetentionDialogProps {
  readonly kept: Kept
  readonly onChanged: () => void
  readonly onClose: () => void
}

const form = 'audit-retention'
const mostDays = 36_500

/** How many days contents are kept; what is erased by it is said before it is done. */
export function RetentionDialog({ kept, onChanged, onClose }: RetentionDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const toast = useMirror((mirror) => mirror.toast)
  const { busy, run } = useAction()
  const [days, setDays] = useState(String(kept.days))
  const [piiDays, setPiiDays] = useState(String(kept.piiDays))
  const wanted = { days: Number(days), piiDays: Number(piiDays) }
  const isRight = [wanted.days, wanted.piiDays].every((one) => Number.isInteger(one) && one >= 1 && one <= mostDays)
  const isSame = wanted.days === kept.days && wanted.piiDays === kept.piiDays
  const erases = isRight && (wanted.days < kept.days || wanted.piiDays < kept.piiDays)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const work = async () => {
      const { erased } = await api.audit.setRetention(wanted)
      toast('ok', t('audit.retention.done', { count: erased }))
    }
    if (!(await run(work))) return
    onChanged()
    onClose()
  }
  return (
    <Dialog
      title={t('audit.retention.title')}
      description={t('audit.retention.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look={erases ? 'danger' : 'primary'} type="submit" form={form} disabled={busy || !isRight || isSame}>
            {t(erases ? 'audit.retention.erase' : 'audit.retention.save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void save(event)} className="grid gap-4">
        <DaysField label={t('audit.retention.days')} value={days} onChange={setDays} />
        <DaysField label={t('audit.retention.piiDays')} value={piiDays} onChange={setPiiDays} />
      </form>
      <div className="mt-5">
        <Notice tone={erases ? 'danger' : 'plain'}>
          {isRight
            ? t(erases ? 'audit.retention.erases' : 'audit.retention.keeps', wanted)
            : t('audit.retention.wrong', { most: mostDays })}
        </Notice>
      </div>
    </Dialog>
  )
}

function DaysField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={label}>
      {(ids) => (
        <Input
          {...ids}
          type="number"
          min={1}
          max={mostDays}
          value={value}
          className="w-32"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
