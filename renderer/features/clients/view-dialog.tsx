import { Eye } from 'lucide-react'
import { useState } from 'react'
import type { CatalogView } from '../../../shared/contract/catalog.ts'
import type { ListMode } from '../../../shared/domain/catalog-view.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Check, Field, Select, TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { linesOf } from '../servers/draft.ts'

export interface Holder {
  readonly holder: CatalogView['holder']
  readonly name: string
}

interface ViewProps extends Holder {
  readonly views: readonly CatalogView[]
  readonly onSaved: () => void
}

const modes = ['list', 'search', 'auto'] as const

/** Opens what an app, or every app of a workspace, sees. */
export function ViewButton(props: ViewProps) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const isClient = props.holder === 'client'
  const close = () => setOpen(false)
  return (
    <>
      <Button
        {...(isClient ? { size: 'small' as const, 'aria-label': t('view.edit.label', { name: props.name }) } : {})}
        icon={<Eye aria-hidden="true" className="size-4" />}
        onClick={() => setOpen(true)}
      >
        {t(isClient ? 'view.edit' : 'view.workspace')}
      </Button>
      {open && <ViewDialog {...props} onClose={close} />}
    </>
  )
}

export const viewOf = (views: readonly CatalogView[], { holder, name }: Holder): CatalogView | undefined =>
  views.find((view) => view.holder === holder && view.name === name.normalize('NFC').toLowerCase())

function ViewDialog({ holder, name, views, onSaved, onClose }: ViewProps & { onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const before = viewOf(views, { holder, name })
  const [servers, setServers] = useState<readonly string[] | undefined>(before?.servers)
  const [hidden, setHidden] = useState(before?.hidden.join('\n') ?? '')
  const [mode, setMode] = useState<ListMode | ''>(before?.mode ?? '')
  const isClient = holder === 'client'
  const save = async () => {
    const wanted = {
      holder,
      name,
      servers: servers === undefined ? null : servers.map((server) => server as ServerName),
      hidden: linesOf(hidden),
      mode: mode === '' ? null : mode,
    }
    if (!(await run(() => api.catalog.setView(wanted), t('view.saved')))) return
    onSaved()
    onClose()
  }
  return (
    <Dialog
      title={isClient ? t('view.title', { name }) : t('view.title.workspace')}
      description={t(isClient ? 'view.text' : 'view.text.workspace')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={busy} onClick={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        {before?.broken && <Notice tone="danger">{t('view.broken')}</Notice>}
        <ServersField chosen={servers} onChange={setServers} />
        <Field label={t('view.hidden')} hint={t('view.hidden.hint')}>
          {(ids) => <TextArea {...ids} rows={3} value={hidden} onChange={(event) => setHidden(event.target.value)} />}
        </Field>
        <ModeField isClient={isClient} mode={mode} onChange={setMode} />
      </div>
    </Dialog>
  )
}

interface ModeFieldProps {
  readonly isClient: boolean
  readonly mode: ListMode | ''
  readonly onChange: (mode: ListMode | '') => void
}

function ModeField({ isClient, mode, onChange }: ModeFieldProps) {
  const { t } = useWords()
  const offered = modes.filter((one) => isClient || one !== 'list') // for a workspace that is the same as none
  return (
    <Field label={t('view.mode')} hint={t('view.mode.hint')}>
      {(ids) => (
        <Select {...ids} value={mode} onChange={(event) => onChange(event.target.value as ListMode | '')}>
          <option value="">{t(isClient ? 'view.mode.default' : 'view.mode.default.workspace')}</option>
          {offered.map((one) => (
            <option key={one} value={one}>
              {t(`view.mode.${one}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

interface ServersFieldProps {
  /** Undefined: all of them. */
  readonly chosen: readonly string[] | undefined
  readonly onChange: (chosen: readonly string[] | undefined) => void
}

function ServersField({ chosen, onChange }: ServersFieldProps) {
  const { t } = useWords()
  const names = useMirror((mirror) => mirror.servers)?.map(({ name }) => name) ?? []
  const toggle = (name: string, on: boolean) =>
    onChange(on ? [...(chosen ?? []), name] : chosen?.filter((one) => one !== name))
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">{t('view.servers')}</legend>
      <div className="space-y-2">
        <Check
          checked={chosen === undefined}
          onChange={(all) => onChange(all ? undefined : names)}
          label={t('view.servers.all')}
        />
        {chosen !== undefined &&
          names.map((name) => (
            <Check key={name} checked={chosen.includes(name)} onChange={(on) => toggle(name, on)} label={name} />
          ))}
        {chosen !== undefined && names.length === 0 && <p className="text-sm text-muted">{t('view.servers.none')}</p>}
      </div>
    </fieldset>
  )
}
