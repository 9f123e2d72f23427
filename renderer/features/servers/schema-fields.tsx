import { Plus, X } from 'lucide-react'
import { useWords } from '../../app/words.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, Input, Select, TextArea } from '../../ui/field.tsx'
import { type Draft, emptyDraft, type FormField, type Shape } from './schema-form.ts'

interface FieldsProps {
  readonly fields: readonly FormField[]
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}

/** The fields of an object of a schema. */
export function SchemaFields({ fields, draft, onChange }: FieldsProps) {
  const typed = draft as { readonly [name: string]: Draft }
  return (
    <div className="grid gap-4">
      {fields.map((field) => (
        <ShapeField
          key={field.name}
          shape={field.shape}
          label={field.title}
          description={field.description}
          required={field.required}
          draft={typed[field.name] ?? ''}
          onChange={(next) => onChange({ ...typed, [field.name]: next })}
        />
      ))}
    </div>
  )
}

interface ShapeFieldProps {
  readonly shape: Shape
  readonly label: string
  readonly description: string
  readonly required: boolean
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}

function ShapeField(props: ShapeFieldProps) {
  const { shape, label, description, required, draft, onChange } = props
  const { t } = useWords()
  const name = required ? t('try.required', { label }) : label
  if (shape.kind === 'object') {
    return (
      <fieldset className="rounded-lg border border-line p-4">
        <legend className="px-1 text-sm font-medium">{name}</legend>
        {description && <p className="mb-3 text-xs text-muted">{description}</p>}
        <SchemaFields fields={shape.fields} draft={draft} onChange={onChange} />
      </fieldset>
    )
  }
  if (shape.kind === 'list') return <ListField {...props} item={shape.item} name={name} />
  const text = typeof draft === 'string' ? draft : ''
  const hint = shape.kind === 'json' ? `${description} ${t('try.asJson')}`.trim() : description
  return (
    <Field label={name} hint={hint}>
      {(ids) =>
        shape.kind === 'choice' || shape.kind === 'yes-no' ? (
          <Select {...ids} className="w-full" value={text} onChange={({ target }) => onChange(target.value)}>
            <option value="">{t('try.leftOut')}</option>
            {optionsOf(shape, t('try.yes'), t('try.no')).map(([value, said]) => (
              <option key={value} value={value}>
                {said}
              </option>
            ))}
          </Select>
        ) : shape.kind === 'json' ? (
          <TextArea
            {...ids}
            rows={3}
            className="w-full"
            value={text}
            onChange={({ target }) => onChange(target.value)}
          />
        ) : (
          <Input
            {...ids}
            inputMode={shape.kind === 'text' ? 'text' : 'decimal'}
            className="w-full"
            value={text}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  )
}

const optionsOf = (shape: Shape, yes: string, no: string): (readonly [string, string])[] => {
  if (shape.kind === 'choice') return shape.options.map((one, place) => [String(place), String(one)] as const)
  return [
    ['true', yes],
    ['false', no],
  ]
}

function ListField({
  item,
  name,
  label,
  description,
  draft,
  onChange,
}: ShapeFieldProps & { item: Shape; name: string }) {
  const { t } = useWords()
  const items = Array.isArray(draft) ? draft : []
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{name}</legend>
      {description && <p className="mb-2 text-xs text-muted">{description}</p>}
      <ol className="space-y-2">
        {items.map((one, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list of drafts has no names but its places
          <li key={place} className="flex items-end gap-2">
            <div className="min-w-0 flex-1">
              <ShapeField
                shape={item}
                label={t('try.item', { label, number: place + 1 })}
                description=""
                required={false}
                draft={one}
                onChange={(next) => onChange(items.with(place, next))}
              />
            </div>
            <IconButton
              label={t('try.item.remove', { label, number: place + 1 })}
              onClick={() => onChange(items.toSpliced(place, 1))}
            >
              <X aria-hidden="true" className="size-4" />
            </IconButton>
          </li>
        ))}
      </ol>
      <Button
        size="small"
        className="mt-2"
        icon={<Plus aria-hidden="true" className="size-4" />}
        aria-label={t('try.item.add', { label })}
        onClick={() => onChange([...items, emptyDraft(item)])}
      >
        {t('try.add')}
      </Button>
    </fieldset>
  )
}
