import { useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'

/** How long contents are kept. */
export function RetentionNote() {
  const { t, date } = useWords()
  const { value } = useReading((api) => api.audit.retention(), 'retention')
  if (!value) return null
  return (
    <p className="mt-4 max-w-[80ch] text-xs text-muted">
      {t('audit.retention', { days: value.days, piiDays: value.piiDays })}{' '}
      {value.oldestContents !== undefined && t('audit.retention.oldest', { date: date(value.oldestContents) })}
    </p>
  )
}
