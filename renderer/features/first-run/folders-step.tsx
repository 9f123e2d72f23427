import { useState } from 'react'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { type Folder, FolderListField } from '../servers/folder-list-field.tsx'
import { StepFrame } from './step-frame.tsx'

/** Which folders AI apps may read or change. Nothing is chosen unless the person chooses it. */
export function FoldersStep({ onBack, onDone }: { onBack: () => void; onDone: () => void }) {
  const { t } = useWords()
  const reading = useReading((api) => api.permissions.folders(), 'folders')
  return (
    <ReadingView reading={reading}>
      {({ folders }) => <Folders saved={folders} onBack={onBack} onDone={onDone} title={t('first.folders.title')} />}
    </ReadingView>
  )
}

interface FoldersProps {
  readonly saved: readonly Folder[]
  readonly title: string
  readonly onBack: () => void
  readonly onDone: () => void
}

function Folders({ saved, title, onBack, onDone }: FoldersProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const home = useMirror((mirror) => mirror.setup?.homeFolder ?? '')
  const [folders, setFolders] = useState(saved)
  const offered = suggestions(home).filter((path) => !folders.some((folder) => folder.path === path))
  const next = async () => {
    const same = JSON.stringify(folders) === JSON.stringify(saved)
    if (same || (await run(() => api.permissions.setFolders({ folders: [...folders] })))) onDone()
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
