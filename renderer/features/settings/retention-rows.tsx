import type { z } from 'zod'
import type { audit } from '../../../shared/contract/audit.ts'
import { useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { ValueRow } from './value-row.tsx'

type Retention = z.output<typeof audit.retention.output>
const usual = { days: 2555, piiDays: 730 } as const

interface RetentionRowProps {
  readonly which: 'days' | 'piiDays'
  readonly retention: Retention
  readonly onSet: () => void
}

/** How long contents of the audit log are kept, in days. */
export function RetentionRow({ which, retention, onSet }: RetentionRowProps) {
  const { t } = useWords()
  const api = useApi()
  const { days, piiDays } = retention
  const value = retention[which]
  return (
    <ValueRow
      anchor={`retention.${which}`}
      name={t(`settings.retention.${which}`)}
      text={t(`settings.retention.${which}.text`)}
      kind="number"
      least={1}
      most={36_500}
      value={value}
      unit={t('settings.unit.days')}
      reset={value === usual[which] ? undefined : t('settings.reset')}
      notes={
        <p className="mt-2 text-xs text-muted">
          {t('settings.default', { value: `${usual[which]} ${t('settings.unit.days')}` })}
        </p>
      }
      onSave={async (chosen) => {
        await api.audit.setRetention({ days, piiDays, [which]: Number(chosen ?? usual[which]) })
        onSet()
      }}
    />
  )
}
