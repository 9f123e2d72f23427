import { type ReactNode, useState } from 'react'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { useFolders } from '../permissions/use-folders.ts'
import { type Folder, FolderListField } from '../servers/folder-list-field.tsx'
import { useWorkspaceChoice, type WorkspaceChoice } from '../workspaces/workspace-field.tsx'
import { StepFrame } from './step-frame.tsx'

/** Which folders AI apps may read or change. Nothing is chosen unless the person chooses it. */
export function FoldersStep({ onBack, onDone }: { onBack: () => void; onDone: () => void }) {
  const { t } = useWords()
  const { part, field } = useWorkspaceChoice(undefined, t('permissions.folders.workspace'))
  const reading = useFolders(part, 'folders')
  return (
    <ReadingView reading={reading}>
      {({ folders, of }) => (
        <Folders
          of={of}
          field={field}
          saved={folders}
          onBack={onBack}
          onDone={onDone}
          title={t('first.folders.title')}
        />
      )}
    </ReadingView>
  )
}

interface FoldersProps {
  readonly of: WorkspaceChoice['part']
  readonly field: ReactNode
  readonly saved: readonly Folder[]
  readonly title: string
  readonly onBack: () => void
  readonly onDone: () => void
}

/** What the person would have in one workspace, beside what it has. */
type Draft = Pick<FoldersProps, 'of' | 'saved'> & { readonly folders: readonly Folder[] }

function Folders({ of, field, saved, title, onBack, onDone }: FoldersProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const home = useMirror((mirror) => mirror.setup?.homeFolder ?? '')
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({})
  const folders = drafts[of.workspace ?? '']?.folders ?? saved
  const setFolders = (next: readonly Folder[]) =>
    setDrafts({ ...drafts, [of.workspace ?? '']: { of, saved, folders: next } })
  const offered = suggestions(home).filter((path) => !folders.some((folder) => folder.path === path))
  const next = async () => {
    const changed = Object.values(drafts).filter((one) => JSON.stringify(one.folders) !== JSON.stringify(one.saved))
    const save = async () => {
      for (const one of changed) await api.permissions.setFolders({ ...one.of, folders: [...one.folders] })
    }
    if (changed.length === 0 || (await run(save))) onDone()
  }
  return (
    <StepFrame
      title={title}
      text={t('first.folders.text')}
      onBack={onBack}
      next={
        <Button look="primary" size="large" disabled={busy} onClick={() => void next()}>
          {folders.length === 0 ? t('first.folders.skip') : t('next')}
        </Button>
      }
    >
      <div className="mb-4 empty:hidden">{field}</div>
      {offered.length > 0 && (
        <div className="mb-4 flex flex-wrap items-center gap-2">
          <span className="text-sm text-muted">{t('first.folders.suggested')}</span>
          {offered.map((path) => (
            <Button key={path} size="small" onClick={() => setFolders([...folders, { path, access: 'read' }])}>
              <span aria-hidden="true">+</span> <span className="font-mono">{path}</span>
            </Button>
          ))}
        </div>
      )}
      <FolderListField folders={folders} onChange={setFolders} empty={t('permissions.folders.none')} rights />
    </StepFrame>
  )
}

/** Folders most people have, in the home folder's own way of writing paths. */
export function suggestions(home: string): string[] {
  if (home === '') return []
  const separator = home.includes('\\') ? '\\' : '/'
  return ['Documents', 'Projects'].map((name) => `${home.replace(/[\\/]$/, '')}${separator}${name}`)
}
