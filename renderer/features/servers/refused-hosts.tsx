import type { RefusedHostShown } from '../../../shared/contract/hosts.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingFailure } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Hosts that servers wanted to reach and were refused, each with its answer. Nothing is shown while there are none. */
export function RefusedHosts({ server }: { server?: string }) {
  const { t } = useWords()
  const changes = useMirror((mirror) => mirror.revision.hosts)
  const reading = useReading(
    (api) => api.hosts.refused(server === undefined ? {} : { server: server as ServerName }),
    `${server ?? ''} ${changes}`,
  )
  const { value } = reading
  if (reading.failure !== undefined) return <ReadingFailure reading={reading} what={t('hosts.unread')} />
  const asked = (value?.hosts ?? []).filter(({ offered }) => offered || server !== undefined)
  if (asked.length === 0) return null
  return (
    <ul className="space-y-2" aria-label={t('hosts.refused')}>
      {asked.map((one) => (
        <li key={`${one.server} ${one.host} ${one.port}`}>
          <RefusedHost one={one} />
        </li>
      ))}
      {value && value.more > 0 && <li className="text-sm text-muted">{t('hosts.more', { count: value.more })}</li>}
    </ul>
  )
}

function RefusedHost({ one }: { one: RefusedHostShown }) {
  const { t } = useWords()
  const place = one.port === undefined ? one.host : `${one.host}:${one.port}`
  const sentence = one.why === undefined ? 'hosts.wanted' : one.why === 'own port' ? 'hosts.own' : 'hosts.moved'
  return (
    <Notice tone="warn" action={one.offered && <Answers one={one} place={place} />}>
      <p>
        <ExactText text={t(sentence, { server: one.server, place })} />
      </p>
      {!one.offered && one.why === undefined && <p className="mt-1 text-muted">{t('hosts.local')}</p>}
    </Notice>
  )
}

function Answers({ one, place }: { one: RefusedHostShown; place: string }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const server = one.server as ServerName
  const { host, port = 443 } = one
  return (
    <div className="flex shrink-0 flex-wrap gap-2">
      <Button
        size="small"
        look="quiet"
        disabled={busy}
        onClick={() => void run(() => api.hosts.never({ server, host }), t('hosts.nevered', { server, place: host }))}
      >
        {t('hosts.never')}
      </Button>
      <Button
        size="small"
        disabled={busy}
        onClick={() => void run(() => api.hosts.allow({ server, host, port }), t('hosts.allowed', { server, place }))}
      >
        {t('hosts.allow')}
      </Button>
    </div>
  )
}
