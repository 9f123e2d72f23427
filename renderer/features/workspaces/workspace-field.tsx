import { type ReactNode, useState } from 'react'
import { defaultWorkspace, type WorkspaceName } from '../../../shared/domain/ids.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Field, Select } from '../../ui/field.tsx'

export interface WorkspaceChoice {
  /** For a draft: nothing while it is the first one. */
  readonly part: { readonly workspace?: WorkspaceName }
  /** By its name, also of the first one; nothing while there is nothing to choose. */
  readonly named: { readonly workspace?: WorkspaceName }
  /** Nothing while there is nothing to choose. */
  readonly field: ReactNode
}

/**
 * Whose what is added is to be; the workspace last looked at unless another is chosen.
 *
 * @param present where it is already, so that this is offered first
 * @param hint what the choice means, where it is not who sees a server
 * @param fixed why nothing else can be chosen now
 */
export function useWorkspaceChoice(present?: string, hint?: string, fixed?: string): WorkspaceChoice {
  const { t } = useWords()
  const lookedAt = useMirror((mirror) => mirror.workspace)
  const revision = useMirror((mirror) => mirror.revision.clients)
  const { value } = useReading((api) => api.workspaces.list(), revision)
  const [chosen, setChosen] = useState<string>()
  const all = value?.workspaces ?? []
  const wanted = chosen ?? present ?? lookedAt
  const workspace = (all.some(({ name }) => name === wanted) ? wanted : defaultWorkspace) as WorkspaceName
  const field = all.length > 1 && (
    <Field label={t('workspace.switch')} hint={fixed ?? hint ?? t('workspace.field.hint')}>
      {(ids) => (
        <Select
          {...ids}
          value={workspace}
          className="w-64"
          disabled={fixed !== undefined}
          onChange={(event) => setChosen(event.target.value)}
        >
          {all.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
  const named = all.length > 1 ? { workspace } : {}
  return { part: workspace === defaultWorkspace ? {} : { workspace }, named, field }
}
