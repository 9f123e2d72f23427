import { type ReactNode, useState } from 'react'
import { defaultWorkspace, type WorkspaceName } from '../../../shared/domain/ids.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Field, Select } from '../../ui/field.tsx'

export interface WorkspaceChoice {
  /** For a draft: nothing while it is the first one. */
  readonly part: { readonly workspace?: WorkspaceName }
  /** Nothing while there is nothing to choose. */
  readonly field: ReactNode
}

/** Whose what is added is to be; the workspace last looked at unless another is chosen. */
export function useWorkspaceChoice(): WorkspaceChoice {
  const { t } = useWords()
  const lookedAt = useMirror((mirror) => mirror.workspace)
  const revision = useMirror((mirror) => mirror.revision.clients)
  const { value } = useReading((api) => api.workspaces.list(), revision)
  const [chosen, setChosen] = useState<string>()
  const all = value?.workspaces ?? []
  const wanted = chosen ?? lookedAt
  const workspace = all.some(({ name }) => name === wanted) ? wanted : defaultWorkspace
  const field = all.length > 1 && (
    <Field label={t('workspace.switch')} hint={t('workspace.field.hint')}>
      {(ids) => (
        <Select {...ids} value={workspace} className="w-64" onChange={(event) => setChosen(event.target.value)}>
          {all.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
  return { part: workspace === defaultWorkspace ? {} : { workspace: workspace as WorkspaceName }, field }
}
