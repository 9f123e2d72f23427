import { useState } from 'react'
import type { AiApp, FileChange, ImportPlan } from '../../../shared/contract/apps.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Check, Field, Input } from '../../ui/field.tsx'
import { useWorkspaceChoice, type WorkspaceChoice } from '../workspaces/workspace-field.tsx'
import { DiffOfFile } from './diff-of-file.tsx'
import { ImportList, importable, useImportToasts } from './import-list.tsx'
import { useUndoToast } from './use-undo.ts'

interface ImportDialogProps {
  readonly app: AiApp
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Two steps: the app's servers as servers of Gatehouse, then, if the person likes, Gatehouse in their place in its file. */
export function ImportDialog({ app, onClose, onDone }: ImportDialogProps) {
  const { t } = useWords()
  const [change, setChange] = useState<Omit<ReplaceProps, 'onClose' | 'onDone'>>()
  const [folder, setFolder] = useState<string>()
  const place = folder === undefined ? {} : { folder }
  const reading = useReading((api) => api.apps.previewImport({ app: app.id, ...place }), `${app.id} ${folder ?? ''}`)
  return (
    <Dialog
      wide
      title={t(change ? 'apps.replace.title' : 'apps.import.title', { app: app.title })}
      description={t(change ? 'apps.replace.text' : 'apps.import.text', { app: app.title })}
      closeLabel={t('close')}
      onClose={onClose}
    >
      {change ? (
        <Replace {...change} onClose={onClose} onDone={onDone} />
      ) : (
        <>
          {app.projectFile && <ProjectFolder file={app.projectFile} onChoose={setFolder} />}
          <ReadingView reading={reading}>
            {({ servers, preview }) => (
              <Choose
                key={preview}
                app={app}
                folder={folder}
                servers={servers}
                preview={preview}
                onClose={onClose}
                onDone={onDone}
                onReplace={setChange}
              />
            )}
          </ReadingView>
        </>
      )}
    </Dialog>
  )
}

/** Some apps also read a file in the folder of a project. */
function ProjectFolder({ file, onChoose }: { file: string; onChoose: (folder: string | undefined) => void }) {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const look = () => onChoose(typed.trim() === '' ? undefined : typed.trim())
  return (
    <div className="mb-4 flex flex-wrap items-end gap-2">
      <div className="min-w-64 flex-1">
        <Field label={t('apps.import.folder')} hint={t('apps.import.folder.hint', { file })}>
          {(ids) => <Input {...ids} value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      </div>
      <Button onClick={look}>{t('apps.import.folder.look')}</Button>
    </div>
  )
}

interface ChooseProps extends ImportDialogProps {
  readonly folder: string | undefined
  readonly servers: readonly ImportPlan[]
  readonly preview: string
  readonly onReplace: (replace: Omit<ReplaceProps, 'onClose' | 'onDone'>) => void
}

function Choose({ app, folder, servers, preview, onClose, onDone, onReplace }: ChooseProps) {
  const { t } = useWords()
  const api = useApi()
  const tell = useImportToasts()
  const { busy, run } = useAction()
  const { part, named, field } = useWorkspaceChoice(app.workspace)
  const [chosen, setChosen] = useState(importable(servers))
  const [wanted, setReplace] = useState(true)
  const replace = wanted && folder === undefined // a project’s file is shared with others
  const add = () =>
    void run(async () => {
      if (replace) await api.apps.previewReplace({ app: app.id, servers: [...chosen], ...named }) // or nothing is imported
      const done = await api.apps.import({
        app: app.id,
        ...(folder === undefined ? {} : { folder }),
        servers: [...chosen],
        preview,
        ...part,
      })
      const added = tell(done.servers).map(({ name }) => name)
      onDone()
      if (!replace || added.length === 0) return onClose()
      const change = await api.apps.previewReplace({ app: app.id, servers: added, ...named })
      onReplace({ change, servers: added, named })
    })
  return (
    <>
      <div className="mb-5 empty:hidden">{field}</div>
      <ImportList servers={servers} chosen={chosen} onChange={setChosen} />
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
        {folder === undefined && (
          <Check checked={replace} onChange={setReplace} label={t('apps.import.replace', { app: app.title })} />
        )}
        <span className="flex gap-2">
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={busy || chosen.length === 0} onClick={add}>
            {busy ? t('servers.adding') : t('apps.import.confirm', { count: chosen.length })}
          </Button>
        </span>
      </div>
    </>
  )
}

interface ReplaceProps {
  readonly change: FileChange
  readonly servers: readonly string[]
  /** Where the servers now are, and so the app. */
  readonly named: WorkspaceChoice['named']
  readonly onClose: () => void
  readonly onDone: () => void
}

function Replace({ change, servers, named, onClose, onDone }: ReplaceProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const undo = useUndoToast(onDone)
  const { app, file, preview, title } = change
  const agree = () =>
    void run(async () => {
      await api.apps.replace({ app, file, preview, servers: [...servers], ...named })
      onClose()
      onDone()
      undo(change, t('apps.connected.done', { app: title }))
    })
  return (
    <>
      <DiffOfFile change={change} />
      <div className="mt-5 flex justify-end gap-2 border-t border-line pt-4">
        <Button look="quiet" onClick={onClose}>
          {t('apps.replace.later')}
        </Button>
        <Button look="primary" disabled={busy} onClick={agree}>
          {t('apps.connect.confirm')}
        </Button>
      </div>
    </>
  )
}
