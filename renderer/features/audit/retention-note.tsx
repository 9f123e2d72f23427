import { useState } from 'react'
import { useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { RetentionDialog } from './retention-dialog.tsx'

/** How long contents are kept, and the way to change it. */
export function RetentionNote() {
  const { t, date } = useWords()
  const reading = useReading((api) => api.audit.retention(), 'retention')
  const [open, setOpen] = useState(false)
  const { value } = reading
  if (!value) return null
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3">
      <p className="max-w-[80ch] text-xs text-muted">
        {t('audit.retention', { days: value.days, piiDays: value.piiDays })}{' '}
        {value.oldestContents !== undefined && t('audit.retention.oldest', { date: date(value.oldestContents) })}
      </p>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('audit.retention.change')}
      </Button>
      {open && <RetentionDialog kept={value} onChanged={reading.again} onClose={() => setOpen(false)} />}
    </div>
  )
}
