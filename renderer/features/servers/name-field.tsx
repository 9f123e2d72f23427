import { useWords } from '../../app/words.tsx'
import { Field, Input } from '../../ui/field.tsx'

/** The name a new server is to have. */
export function NameField({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const { t } = useWords()
  return (
    <Field label={t('servers.name')} hint={t('servers.name.hint')}>
      {(ids) => (
        <Input
          {...ids}
          value={name}
          maxLength={24}
          onChange={(event) => onChange(event.target.value)}
          className="max-w-64"
        />
      )}
    </Field>
  )
}
