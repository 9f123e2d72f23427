import { useEffect, useState } from 'react'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { FileRateField, fileRateOf } from '../servers/file-rate-field.tsx'
import { type Folder, FolderListField } from '../servers/folder-list-field.tsx'
import { useWorkspaceChoice, type WorkspaceChoice } from '../workspaces/workspace-field.tsx'
import { useFolders } from './use-folders.ts'

/** The folders AI apps may use through the bundled filesystem server. */
export function FoldersEditor() {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.permissions)
  const [unsaved, setUnsaved] = useState(false)
  const fixed = unsaved ? t('permissions.folders.unsaved') : undefined
  const { part, field } = useWorkspaceChoice(undefined, t('permissions.folders.workspace'), fixed)
  const reading = useFolders(part, String(revision))
  const { value, ...unread } = reading
  const isOfChosen = value?.of.workspace === part.workspace
  return (
    <>
      <div className="mb-4 empty:hidden">{field}</div>
      <ReadingView reading={isOfChosen ? reading : unread}>
        {({ of, ...saved }) => (
          <Editor
            key={JSON.stringify([of, saved])}
            of={of}
            saved={saved}
            onSaved={reading.again}
            onUnsaved={setUnsaved}
          />
        )}
      </ReadingView>
    </>
  )
}

interface EditorProps {
  /** Whose they are: that of what was read, so that nothing is saved where it is not from. */
  readonly of: WorkspaceChoice['part']
  readonly saved: { readonly folders: readonly Folder[]; readonly operationsPerSecond?: number | undefined }
  readonly onSaved: () => void
  /** Told whether there is anything to lose. */
  readonly onUnsaved: (unsaved: boolean) => void
}

function Editor({ of, saved, onSaved, onUnsaved }: EditorProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const savedRate = saved.operationsPerSecond ?? null
  const savedText = String(savedRate ?? '')
  const [folders, setFolders] = useState(saved.folders)
  const [typed, setTyped] = useState(savedText)
  const rate = fileRateOf(typed)
  const changed = JSON.stringify(folders) !== JSON.stringify(saved.folders) || rate !== savedRate
  useEffect(() => {
    onUnsaved(changed)
    return () => onUnsaved(false)
  }, [changed, onUnsaved])
  const asSaved = () => {
    setFolders(saved.folders)
    setTyped(savedText)
  }
  const save = async () => {
    const back = async () => {
      await api.permissions.setFolders({ ...of, folders: [...saved.folders], operationsPerSecond: savedRate })
      onSaved()
    }
    const wanted = { ...of, folders: [...folders], ...(rate === undefined ? {} : { operationsPerSecond: rate }) }
    if (await run(() => api.permissions.setFolders(wanted), t('saved'), back)) onSaved()
  }
  return (
    <Card className="p-5">
      <FolderListField folders={folders} onChange={setFolders} empty={t('permissions.folders.none')} rights />
      <FileRateField typed={typed} onChange={setTyped} />
      {changed && (
        <div className="mt-4 flex justify-end gap-2 border-t border-line pt-4">
          <Button look="quiet" onClick={asSaved}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={busy || rate === undefined} onClick={() => void save()}>
            {t('save')}
          </Button>
        </div>
      )}
    </Card>
  )
}
