import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Field, Select } from '../../ui/field.tsx'

export const offeredLevels = [4, 3, 2, 1, 0] as const
export type SandboxLevel = 0 | 1 | 2 | 3 | 4

export function SandboxField({ level, onChange }: { level: SandboxLevel; onChange: (level: SandboxLevel) => void }) {
  const { t } = useWords()
  return (
    <Field
      label={t('sandbox.label')}
      hint={<span className={level === 0 ? 'text-danger' : ''}>{t(`sandbox.${level}.text`)}</span>}
    >
      {(ids) => (
        <Select {...ids} value={level} onChange={(event) => onChange(Number(event.target.value) as SandboxLevel)}>
          {offeredLevels.map((one) => (
            <option key={one} value={one}>
              {t(`sandbox.${one}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

/** @param origin `remote` has none: nothing of it runs here */
export function SandboxBadge({ level, origin }: { level: SandboxLevel; origin?: string }) {
  const { t } = useWords()
  if (origin === 'remote') return <Badge tone="warn">{t('remote.badge')}</Badge>
  return <Badge tone={level === 0 ? 'danger' : level === 1 ? 'warn' : 'ok'}>{t(`sandbox.${level}`)}</Badge>
}
