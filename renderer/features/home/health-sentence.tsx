import { AlertTriangle, ShieldCheck } from 'lucide-react'
import { useMirror, useMirrored, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { routeTo } from '../../app/route.ts'
import type { ServerSummary } from '../../app/store.ts'
import { useWords } from '../../app/words.tsx'
import { cx } from '../../ui/ui.ts'
import { useAlertsKey } from '../alerts/use-alerts-key.ts'

interface Trouble {
  readonly id: string
  readonly text: string
  /** Where it can be set right. */
  readonly address?: string
}

/** One sentence: is everything all right? If not, what is not, and where to go. */
export function HealthSentence() {
  return <ReadingView reading={useMirrored('servers')}>{(servers) => <Sentence servers={servers} />}</ReadingView>
}

function Sentence({ servers }: { servers: readonly ServerSummary[] }) {
  const { t } = useWords()
  const troubles = useTroubles(servers)
  const running = servers.filter((server) => server.state !== 'disabled').length
  const calm = troubles.length === 0
  const Icon = calm ? ShieldCheck : AlertTriangle
  return (
    <div
      className={cx(
        'flex items-start gap-5 rounded-2xl border px-6 py-5',
        calm ? 'border-ok/25 bg-ok-soft' : 'border-warn/30 bg-warn-soft',
      )}
    >
      <span
        className={cx(
          'flex size-12 shrink-0 items-center justify-center rounded-full bg-surface',
          calm ? 'text-ok' : 'text-warn',
        )}
      >
        <Icon aria-hidden="true" className="size-6" />
      </span>
      <div className="min-w-0 pt-1">
        <p className="font-serif text-xl font-semibold">
          {calm ? t('home.fine') : t('home.troubles', { count: troubles.length })}
        </p>
        {calm ? (
          <p className="mt-1 text-sm text-muted">
            {running === 0 ? t('home.fine.none') : t('home.fine.text', { count: running })}
          </p>
        ) : (
          <ul className="mt-2 space-y-1 text-sm">
            {troubles.map((trouble) => (
              <li key={trouble.id} className="break-words">
                {trouble.text}{' '}
                {trouble.address && (
                  <a href={trouble.address} className="font-medium text-accent underline underline-offset-4">
                    {t('home.look')}
                  </a>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

function useTroubles(servers: readonly ServerSummary[]): Trouble[] {
  const { t } = useWords()
  const setup = useMirror((mirror) => mirror.setup)
  const troubles: Trouble[] = useOpenAlerts()
  for (const server of servers) {
    if (server.state === 'failed' || server.state === 'backing-off') {
      troubles.push({
        id: `failed ${server.name}`,
        text: t('home.trouble.failed', { server: server.name, problem: server.problem ?? '' }),
        address: routeTo('servers', server.name),
      })
    }
    if (server.quarantined > 0) {
      troubles.push({
        id: `held ${server.name}`,
        text: t('home.trouble.held', { server: server.name, count: server.quarantined }),
        address: routeTo('servers', server.name),
      })
    }
  }
  if (setup && !setup.sandbox.available) {
    troubles.push({
      id: 'sandbox',
      text: t('home.trouble.sandbox', { problem: setup.sandbox.problem ?? '', remedy: setup.sandbox.remedy ?? '' }),
    })
  }
  if (setup && !setup.operatorSet) troubles.push({ id: 'operator', text: t('home.trouble.operator') })
  return troubles
}

const alertsShown = 3

/** The newest alerts nobody has seen yet, and how many there are beside them. */
function useOpenAlerts(): Trouble[] {
  const { t } = useWords()
  const revision = useAlertsKey()
  const open = useReading((api) => api.alerts.list({ state: 'open' }), revision).value?.alerts ?? []
  const troubles: Trouble[] = open.slice(0, alertsShown).map(({ id, sentence }) => ({
    id: `alert ${id}`,
    text: t('home.trouble.alert', { what: sentence }),
    address: routeTo('health', 'alerts', id),
  }))
  const more = open.length - troubles.length
  if (more > 0)
    troubles.push({
      id: 'alerts',
      text: t('home.trouble.alerts', { count: more }),
      address: routeTo('health', 'alerts'),
    })
  return troubles
}
