import { useWords } from '../../app/words.tsx'
import { Field, Input } from '../../ui/field.tsx'

interface NumberFieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly wrong: boolean
  readonly onChange: (value: string) => void
}

/** A number as it is typed; what it means is found out when it is saved. */
export function NumberField({ label, hint, value, wrong, onChange }: NumberFieldProps) {
  const { t } = useWords()
  return (
    <Field label={label} hint={hint} error={wrong ? t('alerts.rule.number.wrong') : undefined}>
      {(ids) => (
        <Input
          {...ids}
          inputMode="decimal"
          value={value}
          maxLength={20}
          className="w-32"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
