import { machineSignInKinds } from '../../../shared/domain/machine-sign-in.ts'
import { useWords } from '../../app/words.tsx'
import { Field, Input, Select, TextArea } from '../../ui/field.tsx'
import { fieldsOf, type SignInField, type SignInForm } from './machine-sign-in-form.ts'

/** Who signs in to a remote server; what it takes when it is not the person. */
export function MachineSignInFields({ form, onChange }: { form: SignInForm; onChange: (form: SignInForm) => void }) {
  const { t } = useWords()
  const { needed, more } = fieldsOf[form.kind]
  return (
    <div className="space-y-4">
      <Field label={t('remote.signIn')} hint={t('remote.signIn.hint')}>
        {(ids) => (
          <Select
            {...ids}
            value={form.kind}
            onChange={(event) => onChange({ ...form, kind: event.target.value as SignInForm['kind'] })}
          >
            {(['person', ...machineSignInKinds] as const).map((kind) => (
              <option key={kind} value={kind}>
                {t(`remote.signIn.${kind}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {[...needed, ...more].map((field) => (
        <Field
          key={field}
          label={label(field)}
          {...(more.includes(field) ? { hint: t('remote.signIn.optional') } : {})}
        >
          {(ids) =>
            form.kind === 'client-key' && field === 'secret' ? (
              <TextArea {...ids} rows={4} value={form[field]} onChange={(event) => set(field, event.target.value)} />
            ) : (
              <Input
                {...ids}
                type={field === 'secret' || field === 'providerSecret' ? 'password' : 'text'}
                value={form[field]}
                onChange={(event) => set(field, event.target.value)}
              />
            )
          }
        </Field>
      ))}
    </div>
  )

  function set(field: SignInField, value: string): void {
    onChange({ ...form, [field]: value })
  }

  function label(field: SignInField): string {
    return t(field === 'secret' && form.kind === 'client-key' ? 'remote.signIn.key' : `remote.signIn.${field}`)
  }
}
