import { useWords } from '../../app/words.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { type Until, untilChoices } from './until.ts'

interface UntilFieldProps {
  readonly until: Until
  readonly date: string
  readonly onChange: (until: Until, date: string) => void
}

export function UntilField({ until, date, onChange }: UntilFieldProps) {
  const { t } = useWords()
  return (
    <div className="flex flex-wrap gap-3">
      <div className="w-52">
        <Field label={t('until.label')}>
          {(ids) => (
            <Select {...ids} value={until} onChange={(event) => onChange(event.target.value as Until, date)}>
              {untilChoices.map((choice) => (
                <option key={choice} value={choice}>
                  {t(`until.${choice}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {until === 'date' && (
        <div className="w-56">
          <Field label={t('until.date.label')}>
            {(ids) => (
              <Input
                {...ids}
                type="datetime-local"
                value={date}
                onChange={(event) => onChange(until, event.target.value)}
              />
            )}
          </Field>
        </div>
      )}
    </div>
  )
}
