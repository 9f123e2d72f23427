import { useWords } from '../../app/words.tsx'
import { Field, Input, TextArea } from '../../ui/field.tsx'
import type { BundleForm } from './bundle-form.ts'
import { FolderListField } from './folder-list-field.tsx'
import { NameField } from './name-field.tsx'
import { SandboxField } from './sandbox-field.tsx'

export function BundleFields({ form, onChange }: { form: BundleForm; onChange: (form: BundleForm) => void }) {
  const { t } = useWords()
  const set = (part: Partial<BundleForm>) => onChange({ ...form, ...part })
  return (
    <div className="space-y-5">
      <NameField name={form.name} onChange={(name) => set({ name })} />
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
      <SandboxField level={form.sandbox} onChange={(sandbox) => set({ sandbox })} />
      <fieldset>
        <legend className="mb-1 text-sm font-medium">{t('servers.folders')}</legend>
        <FolderListField
          folders={form.folders}
          onChange={(folders) => set({ folders })}
          empty={t('servers.folders.none')}
        />
      </fieldset>
      <Field label={t('servers.hosts')} hint={t('servers.hosts.hint')}>
        {(ids) => (
          <TextArea
            {...ids}
            rows={2}
            value={form.hosts}
            placeholder="api.example.com"
            onChange={(event) => set({ hosts: event.target.value })}
          />
        )}
      </Field>
    </div>
  )
}
