import type { ReactNode } from 'react'
import { useWords } from '../../app/words.tsx'
import { Field, Input } from '../../ui/field.tsx'
import type { BundleForm } from './bundle-form.ts'
import { NameField } from './name-field.tsx'
import { HostsField, ReachFields } from './reach-fields.tsx'

interface BundleFieldsProps {
  readonly form: BundleForm
  readonly onChange: (form: BundleForm) => void
  readonly workspace: ReactNode
}

export function BundleFields({ form, onChange, workspace }: BundleFieldsProps) {
  const { t } = useWords()
  const set = (part: Partial<BundleForm>) => onChange({ ...form, ...part })
  return (
    <div className="space-y-5">
      <NameField name={form.name} onChange={(name) => set({ name })} />
      {workspace}
      <Field label={t('bundle.file')} hint={t('bundle.file.hint')}>
        {(ids) => (
          <Input
            {...ids}
            value={form.file}
            maxLength={4096}
            placeholder="/home/…/server.mcpb"
            className="w-full font-mono"
            onChange={(event) => set({ file: event.target.value })}
          />
        )}
      </Field>
      <ReachFields form={form} onChange={set} />
      <HostsField hosts={form.hosts} rows={2} onChange={(hosts) => set({ hosts })} />
    </div>
  )
}
