import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { ShownChannel } from '../../../shared/contract/alerts.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { type ChannelDraft, channelDraftOf, channelOf, draftKinds, emptyChannel } from './channel-draft.ts'

interface ChannelDialogProps {
  /** Undefined: a new one. */
  readonly channel: ShownChannel['channel'] | undefined
  readonly taken: readonly string[]
  readonly onClose: () => void
}

/** Makes or changes a channel. Its secret goes to main and never comes back. */
export function ChannelDialog({ channel, taken, onClose }: ChannelDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const form = useId()
  const { busy, run } = useAction()
  const [draft, setDraft] = useState<ChannelDraft>(() => (channel ? channelDraftOf(channel) : emptyChannel))
  const [tried, setTried] = useState(false)
  const set = (part: Partial<ChannelDraft>) => setDraft((before) => ({ ...before, ...part }))
  const nameFault = channel ? undefined : faultOf(draft.name, taken)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (nameFault) return
    const value = draft.secret === '' ? {} : { value: draft.secret }
    if (await run(() => api.alerts.setChannel({ channel: channelOf(draft), ...value }), t('saved'))) onClose()
  }
  return (
    <Dialog
      title={channel ? t('alerts.channel.dialog.change', { name: channel.name }) : t('alerts.channel.dialog.add')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={form} disabled={busy}>
            {t('save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={save} noValidate className="space-y-5">
        {!channel && (
          <>
            <Field
              label={t('alerts.channel.name')}
              hint={t('alerts.name.hint')}
              error={tried && nameFault ? t(`alerts.name.${nameFault}`) : undefined}
            >
              {(ids) => (
                <Input
                  {...ids}
                  value={draft.name}
                  maxLength={40}
                  onChange={(event) => set({ name: event.target.value })}
                />
              )}
            </Field>
            <Field label={t('alerts.channel.kind')}>
              {(ids) => (
                <Select
                  {...ids}
                  value={draft.kind}
                  onChange={(event) => set({ kind: event.target.value as ChannelDraft['kind'], secret: '' })}
                >
                  {draftKinds.map((kind) => (
                    <option key={kind} value={kind}>
                      {t(`alerts.kind.${kind}`)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </>
        )}
        <KindFields draft={draft} isNew={!channel} set={set} />
      </form>
    </Dialog>
  )
}

const faultOf = (name: string, taken: readonly string[]) =>
  !/^[a-z0-9][a-z0-9-]{0,39}$/.test(name) ? 'wrong' : taken.includes(name) ? 'taken' : undefined

interface KindFieldsProps {
  readonly draft: ChannelDraft
  readonly isNew: boolean
  readonly set: (part: Partial<ChannelDraft>) => void
}

function KindFields({ draft, isNew, set }: KindFieldsProps): ReactNode {
  const { t } = useWords()
  const text = (field: 'url' | 'host' | 'port' | 'user' | 'from' | 'to', label: string, hint?: string) => (
    <Field label={label} hint={hint}>
      {(ids) => (
        <Input
          {...ids}
          value={draft[field]}
          maxLength={2000}
          className="w-full"
          onChange={(event) => set({ [field]: event.target.value })}
        />
      )}
    </Field>
  )
  const secret = (label: string, hint: string) => (
    <Field label={label} hint={isNew ? hint : `${hint} ${t('alerts.channel.kept')}`}>
      {(ids) => (
        <Input
          {...ids}
          type="password"
          value={draft.secret}
          maxLength={4000}
          className="w-full"
          onChange={(event) => set({ secret: event.target.value })}
        />
      )}
    </Field>
  )
  switch (draft.kind) {
    case 'webhook':
      return secret(t('alerts.channel.url'), t('alerts.channel.webhook.hint'))
    case 'pagerduty':
      return (
        <>
          {text('url', t('alerts.channel.url'), t('alerts.channel.pagerduty.hint'))}
          {secret(t('alerts.channel.key'), t('alerts.channel.secret'))}
        </>
      )
    case 'email':
      return (
        <>
          {text('host', t('alerts.channel.host'))}
          {text('port', t('alerts.channel.port'), t('alerts.channel.port.hint'))}
          {text('user', t('alerts.channel.user'), t('alerts.channel.user.hint'))}
          {draft.user !== '' && secret(t('alerts.channel.password'), t('alerts.channel.secret'))}
          {text('from', t('alerts.channel.from'))}
          {text('to', t('alerts.channel.to'), t('alerts.channel.to.hint'))}
        </>
      )
  }
}
