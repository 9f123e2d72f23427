import { useId } from 'react'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'

interface ClientSelectProps {
  readonly client: string
  readonly onChange: (client: string) => void
  /** Offers "any app". */
  readonly any?: boolean
}

/** One of the paired apps. */
export function ClientSelect({ client, onChange, any }: ClientSelectProps) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.clients)
  const { value } = useReading((api) => api.clients.list(), revision)
  return (
    <Field label={t('column.app')}>
      {(ids) => (
        <Select {...ids} value={client} onChange={(event) => onChange(event.target.value)}>
          {any ? (
            <option value="*">{t('permissions.anyApp')}</option>
          ) : (
            <option value="">{t('permissions.chooseApp')}</option>
          )}
          {value?.clients.map((one) => (
            <option key={one.id} value={one.name}>
              {one.name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

/** One of the workspaces, or any. */
export function WorkspaceSelect({ workspace, onChange }: { workspace: string; onChange: (workspace: string) => void }) {
  const { t } = useWords()
  const { value } = useReading((api) => api.workspaces.list(), 'workspaces')
  return (
    <Field label={t('rule.workspace')}>
      {(ids) => (
        <Select {...ids} value={workspace} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t('rule.workspace.any')}</option>
          {value?.workspaces.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

interface ToolInputProps {
  readonly tool: string
  readonly onChange: (tool: string) => void
  readonly hint?: string
}

/** A tool's name, with the known ones offered. */
export function ToolInput({ tool, onChange, hint }: ToolInputProps) {
  const { t } = useWords()
  const list = useId()
  const { value } = useReading((api) => api.tools.list({}), 'tools')
  return (
    <Field label={t('column.tool')} hint={hint}>
      {(ids) => (
        <>
          <Input
            {...ids}
            list={list}
            value={tool}
            placeholder="filesystem__read_*"
            onChange={(event) => onChange(event.target.value)}
            className="font-mono"
          />
          <datalist id={list}>
            {value?.tools.map((one) => (
              <option key={one.name} value={one.name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  )
}
