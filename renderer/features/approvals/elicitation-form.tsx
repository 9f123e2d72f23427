import type { ElicitationField } from '../../../shared/contract/approvals.ts'
import type { Json } from '../../../shared/domain/json.ts'
import { useWords } from '../../app/words.tsx'
import { Check, Field, Input, Select } from '../../ui/field.tsx'

export type Answers = Readonly<Record<string, Json>>

interface FormProps {
  readonly fields: readonly ElicitationField[]
  readonly answers: Answers
  readonly onChange: (answers: Answers) => void
}

/** What a server asks the person to fill in. Nothing is filled in before. */
export function ElicitationForm({ fields, answers, onChange }: FormProps) {
  return (
    <div className="space-y-4">
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={answers[field.name]}
          onChange={(value) => onChange(withAnswer(answers, field.name, value))}
        />
      ))}
    </div>
  )
}

interface FieldProps {
  readonly field: ElicitationField
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
}

function FieldInput({ field, value, onChange }: FieldProps) {
  const { t } = useWords()
  const label = field.required ? t('question.elicitation.required', { label: field.label }) : field.label
  if (field.kind === 'choices') return <Choices field={field} label={label} value={value} onChange={onChange} />
  return (
    <Field label={label} hint={field.description}>
      {(ids) =>
        field.kind === 'text' || field.kind === 'number' || field.kind === 'integer' ? (
          <Input
            {...ids}
            className="w-full"
            type={field.kind === 'text' ? 'text' : 'number'}
            step={field.kind === 'integer' ? 1 : 'any'}
            value={value === undefined ? '' : String(value)}
            onChange={({ target }) => onChange(entered(field.kind, target.value))}
          />
        ) : (
          <Select
            {...ids}
            value={value === undefined ? '' : String(value)}
            onChange={({ target }) => onChange(chosen(field.kind, target.value))}
          >
            <option value="">{t('question.elicitation.open')}</option>
            {optionsOf(field, t('question.elicitation.yes'), t('question.elicitation.no')).map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </Select>
        )
      }
    </Field>
  )
}

function Choices({ field, label, value, onChange }: FieldProps & { readonly label: string }) {
  const picked = Array.isArray(value) ? value : []
  const toggle = (option: string, on: boolean) =>
    onChange(on ? [...picked, option] : picked.filter((one) => one !== option))
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      {field.options.map((option) => (
        <Check
          key={option.value}
          checked={picked.includes(option.value)}
          label={option.label}
          onChange={(on) => toggle(option.value, on)}
        />
      ))}
    </fieldset>
  )
}

const optionsOf = ({ kind, options }: ElicitationField, yes: string, no: string) =>
  kind === 'yes-no'
    ? [
        { value: 'true', label: yes },
        { value: 'false', label: no },
      ]
    : options

function entered(kind: ElicitationField['kind'], text: string): Json | undefined {
  if (text === '') return undefined
  return kind === 'text' ? text : Number(text)
}

function chosen(kind: ElicitationField['kind'], text: string): Json | undefined {
  if (text === '') return undefined
  return kind === 'yes-no' ? text === 'true' : text
}

function withAnswer(answers: Answers, name: string, value: Json | undefined): Answers {
  const { [name]: _before, ...others } = answers
  return value === undefined ? others : { ...others, [name]: value }
}
