import type { FormEvent } from 'react'
import { useWords } from '../../app/words.tsx'
import { Field, Input, TextArea } from '../../ui/field.tsx'
import { type ConceptFields, problemsOf } from './concept-fields.ts'

interface ConceptFormProps {
  readonly id: string
  readonly fields: ConceptFields
  readonly onChange: (fields: ConceptFields) => void
  readonly onSubmit: () => void
}

/** What a concept is: shared by adding one and putting one right. */
export function ConceptForm({ id, fields, onChange, onSubmit }: ConceptFormProps) {
  const { t } = useWords()
  const problems = problemsOf(fields)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (Object.keys(problems).length === 0) onSubmit()
  }
  const change = (changes: Partial<ConceptFields>) => onChange({ ...fields, ...changes })
  return (
    <form id={id} onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
      <Field label={t('memory.name')}>
        {(ids) => (
          <Input
            {...ids}
            required
            maxLength={1_000}
            value={fields.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('memory.type')} hint={t('memory.type.hint')}>
        {(ids) => (
          <Input
            {...ids}
            required
            maxLength={1_000}
            value={fields.type}
            onChange={(event) => change({ type: event.target.value })}
          />
        )}
      </Field>
      <div className="sm:col-span-2">
        <Field label={t('memory.description')}>
          {(ids) => (
            <TextArea
              {...ids}
              rows={3}
              maxLength={100_000}
              className="font-sans"
              value={fields.description}
              onChange={(event) => change({ description: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field
        label={t('memory.confidence')}
        hint={t('memory.confidence.hint')}
        error={problems.confidence && t('memory.confidence.wrong')}
      >
        {(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            value={fields.confidence}
            onChange={(event) => change({ confidence: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('memory.source')} hint={t('memory.source.hint')}>
        {(ids) => (
          <Input
            {...ids}
            maxLength={1_000}
            value={fields.source}
            onChange={(event) => change({ source: event.target.value })}
          />
        )}
      </Field>
      <div className="sm:col-span-2">
        <Field
          label={t('memory.attributes')}
          hint={t('memory.attributes.hint')}
          error={problems.attributes && t('memory.attributes.wrong')}
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={3}
              value={fields.attributes}
              onChange={(event) => change({ attributes: event.target.value })}
            />
          )}
        </Field>
      </div>
    </form>
  )
}
