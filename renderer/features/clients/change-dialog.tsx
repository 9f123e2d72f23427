import type { ReactNode } from 'react'
import type { AiApp, FileChange } from '../../../shared/contract/apps.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useWorkspaceChoice } from '../workspaces/workspace-field.tsx'
import { DiffOfFile } from './diff-of-file.tsx'
import { useUndoToast } from './use-undo.ts'

interface ConnectDialogProps {
  readonly app: AiApp
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Exactly what would be written into an app’s file for the chosen workspace, before it is. */
export function ConnectDialog({ app, onClose, onDone }: ConnectDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const undo = useUndoToast(onDone)
  const { named, field } = useWorkspaceChoice(app.workspace, t('apps.workspace'))
  const reading = useReading(
    async (from) => ({ change: await from.apps.previewConnect({ app: app.id, ...named }), named }),
    `${app.id} ${named.workspace ?? ''}`,
  )
  const { value, ...unread } = reading
  const isOfChosen = reading.failure === undefined && value?.named.workspace === named.workspace
  const shown = isOfChosen ? value : undefined
  const agree = () =>
    void run(async () => {
      if (shown === undefined) return
      const { file, preview } = shown.change
      await api.apps.connect({ app: app.id, file, preview, ...shown.named })
      onClose()
      onDone()
      undo(shown.change, t('apps.connected.done', { app: app.title }))
    })
  return (
    <ChangeDialog kind="connect" title={app.title} agreeable={shown && !busy} onAgree={agree} onClose={onClose}>
      <div className="mb-4 empty:hidden">{field}</div>
      <ReadingView reading={shown ? reading : unread}>{({ change }) => <DiffOfFile change={change} />}</ReadingView>
    </ChangeDialog>
  )
}

interface DisconnectDialogProps {
  readonly change: FileChange
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Exactly what would be taken out of an app’s file again, before it is. */
export function DisconnectDialog({ change, onClose, onDone }: DisconnectDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { app, title, file, preview } = change
  const agree = () =>
    void run(
      async () => {
        await api.apps.disconnect({ app, file, preview })
        onClose()
        onDone()
      },
      t('apps.disconnected.done', { app: title }),
    )
  return (
    <ChangeDialog kind="disconnect" title={title} agreeable={!busy} onAgree={agree} onClose={onClose}>
      <DiffOfFile change={change} />
    </ChangeDialog>
  )
}

interface ChangeDialogProps {
  readonly kind: 'connect' | 'disconnect'
  /** The app’s. */
  readonly title: string
  readonly agreeable: boolean | undefined
  readonly onAgree: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

function ChangeDialog({ kind, title, agreeable, onAgree, onClose, children }: ChangeDialogProps) {
  const { t } = useWords()
  return (
    <Dialog
      wide
      title={t(kind === 'connect' ? 'apps.connect.title' : 'apps.disconnect.title', { app: title })}
      description={t(kind === 'connect' ? 'apps.connect.text' : 'apps.disconnect.text', { app: title })}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={!agreeable} onClick={onAgree}>
            {t(kind === 'connect' ? 'apps.connect.confirm' : 'apps.disconnect.confirm')}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}
