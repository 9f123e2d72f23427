import { useState } from 'react'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { type Folder, FolderListField } from '../servers/folder-list-field.tsx'

/** The folders AI apps may use through the bundled filesystem server. */
export function FoldersEditor() {
  const revision = useMirror((mirror) => mirror.revision.permissions)
  const reading = useReading((api) => api.permissions.folders(), revision)
  return (
    <ReadingView reading={reading}>
      {({ folders }) => <Editor key={JSON.stringify(folders)} saved={folders} onSaved={reading.again} />}
    </ReadingView>
  )
}

function Editor({ saved, onSaved }: { saved: readonly Folder[]; onSaved: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [folders, setFolders] = useState(saved)
  const changed = JSON.stringify(folders) !== JSON.stringify(saved)
  const save = async () => {
    const back = async () => {
      await api.permissions.setFolders({ folders: [...saved] })
      onSaved()
    }
    if (await run(() => api.permissions.setFolders({ folders: [...folders] }), t('saved'), back)) onSaved()
  }
  return (
    <Card className="p-5">
      <FolderListField folders={folders} onChange={setFolders} empty={t('permissions.folders.none')} rights />
      {changed && (
        <div className="mt-4 flex justify-end gap-2 border-t border-line pt-4">
          <Button look="quiet" onClick={() => setFolders(saved)}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={busy} onClick={() => void save()}>
            {t('save')}
          </Button>
        </div>
      )}
    </Card>
  )
}
