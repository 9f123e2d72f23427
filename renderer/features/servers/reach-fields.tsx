import type { SandboxLevel } from '../../../shared/domain/server.ts'
import { useWords } from '../../app/words.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { FolderListField } from './folder-list-field.tsx'
import { SandboxField } from './sandbox-field.tsx'

type Folders = Parameters<typeof FolderListField>[0]['folders']

interface ReachFieldsProps {
  readonly form: { readonly sandbox: SandboxLevel; readonly folders: Folders }
  readonly onChange: (part: { sandbox?: SandboxLevel; folders?: Folders }) => void
}

/** How a new server is confined, and the folders it may use. */
export function ReachFields({ form, onChange }: ReachFieldsProps) {
  const { t } = useWords()
  return (
    <>
      <SandboxField level={form.sandbox} onChange={(sandbox) => onChange({ sandbox })} />
      <fieldset>
        <legend className="mb-1 text-sm font-medium">{t('servers.folders')}</legend>
        <FolderListField
          folders={form.folders}
          onChange={(folders) => onChange({ folders })}
          empty={t('servers.folders.none')}
        />
      </fieldset>
    </>
  )
}

/** Hosts it may reach, one a line. */
export function HostsField({
  hosts,
  rows,
  onChange,
}: {
  hosts: string
  rows: number
  onChange: (hosts: string) => void
}) {
  const { t } = useWords()
  return (
    <Field label={t('servers.hosts')} hint={t('servers.hosts.hint')}>
      {(ids) => (
        <TextArea
          {...ids}
          rows={rows}
          value={hosts}
          placeholder="api.example.com"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
