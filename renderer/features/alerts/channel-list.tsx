import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { ShownChannel } from '../../../shared/contract/alerts.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Dot } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import type { Tone } from '../../ui/ui.ts'
import { ChannelDialog } from './channel-dialog.tsx'
import { givenOf } from './channel-draft.ts'
import { useAlertsKey } from './use-alerts-key.ts'

const tones: Readonly<Record<ShownChannel['state'], Tone>> = {
  well: 'ok',
  off: 'plain',
  failing: 'warn',
  dead: 'danger',
}

/** Who is told, and whether that works. */
export function ChannelList() {
  const { t } = useWords()
  const revision = useAlertsKey()
  const reading = useReading((api) => api.alerts.channels(), revision)
  const [editing, setEditing] = useState<ShownChannel['channel'] | 'new'>()
  return (
    <Section
      title={t('alerts.channels')}
      hint={t('alerts.channels.hint')}
      actions={
        <Button icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setEditing('new')}>
          {t('alerts.channel.add')}
        </Button>
      }
    >
      <ReadingView reading={reading}>
        {({ channels }) => (
          <>
            <Card>
              <ul aria-label={t('alerts.channels')} className="divide-y divide-line/70">
                {channels.map((shown) => (
                  <ChannelRow key={shown.channel.name} shown={shown} onChange={() => setEditing(shown.channel)} />
                ))}
              </ul>
            </Card>
            {editing && (
              <ChannelDialog
                channel={editing === 'new' ? undefined : editing}
                taken={channels.map(({ channel }) => channel.name)}
                onClose={() => setEditing(undefined)}
              />
            )}
          </>
        )}
      </ReadingView>
    </Section>
  )
}

function ChannelRow({ shown, onChange }: { shown: ShownChannel; onChange: () => void }) {
  const { t } = useWords()
  const { channel, state, untold, problem } = shown
  const { name, kind } = channel
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-5 py-3.5">
      <div className="min-w-60 flex-1">
        <p className="text-sm font-medium break-words">{kind === 'desktop' ? t('alerts.kind.desktop') : name}</p>
        <p className="text-xs break-words text-muted">
          {kind !== 'desktop' && `${t(`alerts.kind.${kind}`)} · `}
          <ExactText text={goesTo(channel) ?? t('alerts.channel.here')} />
        </p>
      </div>
      <div className="min-w-44 flex-1">
        <Dot tone={tones[state]}>{t(`alerts.channel.state.${state}`)}</Dot>
        {problem && (
          <p className="text-xs break-words text-muted">
            <ExactText text={problem} /> {untold > 0 && t('alerts.channel.untold', { count: untold })}
          </p>
        )}
      </div>
      <ChannelActions shown={shown} onChange={onChange} />
    </li>
  )
}

function ChannelActions({ shown: { channel, state }, onChange }: { shown: ShownChannel; onChange: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const toast = useMirror((mirror) => mirror.toast)
  const { name, kind, enabled } = channel
  const turn = enabled ? 'alerts.rule.off' : 'alerts.rule.on'
  const test = () =>
    void run(async () => {
      const { told, problem } = await api.alerts.test({ name })
      if (!told) toast('problem', problem ?? '')
      else if (kind !== 'desktop') toast('ok', t('alerts.channel.tested', { name }))
    })
  const setEnabled = () => api.alerts.setChannel({ channel: { ...givenOf(channel), enabled: !enabled } })
  return (
    <span className="flex flex-wrap gap-2">
      <Button size="small" disabled={busy} aria-label={t('alerts.channel.test.label', { name })} onClick={test}>
        {t('alerts.channel.test')}
      </Button>
      {(state === 'dead' || state === 'failing') && (
        <Button
          size="small"
          disabled={busy}
          aria-label={t('alerts.channel.again.label', { name })}
          onClick={() => void run(() => api.alerts.sendAgain({ name }), t('alerts.channel.again.done'))}
        >
          {t('alerts.channel.again')}
        </Button>
      )}
      <Button
        size="small"
        disabled={busy}
        aria-label={t(`${turn}.label`, { name })}
        onClick={() => void run(setEnabled, t('saved'))}
      >
        {t(turn)}
      </Button>
      {kind !== 'desktop' && (
        <>
          <Button size="small" aria-label={t('alerts.channel.change.label', { name })} onClick={onChange}>
            {t('alerts.rule.change')}
          </Button>
          <Button
            size="small"
            disabled={busy}
            aria-label={t('alerts.channel.remove.label', { name })}
            onClick={() => void run(() => api.alerts.removeChannel({ name }), t('alerts.channel.removed', { name }))}
          >
            {t('remove')}
          </Button>
        </>
      )}
    </span>
  )
}

/** Undefined: this computer. */
function goesTo(channel: ShownChannel['channel']): string | undefined {
  switch (channel.kind) {
    case 'desktop':
      return undefined
    case 'webhook':
      return channel.host
    case 'pagerduty':
      return URL.canParse(channel.url) ? new URL(channel.url).host : channel.url
    case 'email':
      return `${channel.to.join(', ')} (${channel.host})`
  }
}
