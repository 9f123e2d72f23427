import { useState } from 'react'
import type { AiApp, FileChange, ImportPlan } from '../../../shared/contract/apps.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { Check } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlanView } from '../servers/plan-view.tsx'
import { DiffOfFile } from './diff-of-file.tsx'
import { useUndoToast } from './use-undo.ts'

interface ImportDialogProps {
  readonly app: AiApp
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Two steps: the app's servers as servers of Gatehouse, then, if the person likes, Gatehouse in their place in its file. */
export function ImportDialog({ app, onClose, onDone }: ImportDialogProps) {
  const { t } = useWords()
  const [change, setChange] = useState<{ change: FileChange; servers: string[] }>()
  const reading = useReading((api) => api.apps.previewImport({ app: app.id }), app.id)
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
        <ReadingView reading={reading}>
          {({ servers, preview }) => (
            <Choose
              app={app}
              servers={servers}
              preview={preview}
              onClose={onClose}
              onDone={onDone}
              onReplace={(shown, names) => setChange({ change: shown, servers: names })}
            />
          )}
        </ReadingView>
      )}
    </Dialog>
  )
}

interface ChooseProps extends ImportDialogProps {
  readonly servers: readonly ImportPlan[]
  readonly preview: string
  readonly onReplace: (change: FileChange, servers: string[]) => void
}

function Choose({ app, servers, preview, onClose, onDone, onReplace }: ChooseProps) {
  const { t } = useWords()
  const api = useApi()
  const toast = useMirror((mirror) => mirror.toast)
  const { busy, run } = useAction()
  const possible = servers.filter(({ problem }) => problem === undefined).map(({ name }) => name)
  const [chosen, setChosen] = useState<readonly string[]>(possible)
  const [replace, setReplace] = useState(true)
  const add = () =>
    void run(async () => {
      const done = await api.apps.import({ app: app.id, servers: [...chosen], preview })
      const added = done.servers.filter((one) => one.added).map(({ name }) => name)
      for (const { name, problem } of done.servers)
        if (problem) toast('problem', t('apps.import.failed', { server: name, problem }))
      if (added.length > 0) toast('ok', t('apps.import.done', { count: added.length }))
      onDone()
      if (replace && added.length > 0) onReplace(await api.apps.previewReplace({ app: app.id, servers: added }), added)
      else onClose()
    })
  return (
    <>
      <ul className="space-y-4">
        {servers.map((one) => (
          <li key={one.name} className="rounded-xl border border-line px-4 py-3">
            <Planned
              server={one}
              checked={chosen.includes(one.name)}
              onChange={(on) => setChosen(on ? [...chosen, one.name] : chosen.filter((name) => name !== one.name))}
            />
          </li>
        ))}
      </ul>
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
        <Check checked={replace} onChange={setReplace} label={t('apps.import.replace', { app: app.title })} />
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

interface PlannedProps {
  readonly server: ImportPlan
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function Planned({ server, checked, onChange }: PlannedProps) {
  const { t } = useWords()
  const { name, as, plan, remote, secrets, missing, notes, problem } = server
  if (!plan && !remote) {
    return (
      <p className="text-sm">
        <span className="font-medium">
          <ExactText text={name} />
        </span>{' '}
        <span className="text-muted">{problem}</span>
      </p>
    )
  }
  return (
    <>
      <Check checked={checked} onChange={onChange} label={name === as ? name : t('apps.import.as', { name, as })} />
      <div className="mt-3 ml-7.5 space-y-4">
        {secrets.length > 0 && (
          <p className="flex flex-wrap items-center gap-2 text-sm">
            {t('apps.import.secrets')}
            {secrets.map((secret) => (
              <Badge key={secret} tone="ok">
                {secret}
              </Badge>
            ))}
          </p>
        )}
        {missing.length > 0 && <Notice tone="warn">{t('apps.import.missing', { names: missing.join(', ') })}</Notice>}
        {notes.map((note) => (
          <Notice key={note}>{note}</Notice>
        ))}
        {plan && <PlanView plan={plan} />}
        {remote && <RemotePlan remote={remote} />}
      </div>
    </>
  )
}

function RemotePlan({ remote }: { remote: NonNullable<ImportPlan['remote']> }) {
  const { t } = useWords()
  return (
    <>
      {remote.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      <ExactBlock text={remote.url} label={t('apps.import.address')} />
      <ul className="list-disc space-y-1 pl-5 text-sm">
        {remote.mayGo.map((sentence) => (
          <li key={sentence} className="break-words">
            <ExactText text={sentence} />
          </li>
        ))}
      </ul>
    </>
  )
}

interface ReplaceProps {
  readonly change: FileChange
  readonly servers: readonly string[]
  readonly onClose: () => void
  readonly onDone: () => void
}

function Replace({ change, servers, onClose, onDone }: ReplaceProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const undo = useUndoToast(onDone)
  const { app, file, preview, title } = change
  const agree = () =>
    void run(async () => {
      await api.apps.replace({ app, file, preview, servers: [...servers] })
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
