import type { z } from 'zod'
import type { updateState } from '../../../shared/contract/updates.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { routeTo } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SettingRow } from '../settings/setting-row.tsx'

type State = z.output<typeof updateState>

/** The version, and what is known of newer ones; they are told, never installed from here. */
export function UpdatesRow() {
  const { t } = useWords()
  return (
    <SettingRow anchor="updates" name={t('updates.title')} text={t('updates.text')}>
      {() => (
        <div className="space-y-5">
          <OwnUpdate />
          <ServerUpdates />
        </div>
      )}
    </SettingRow>
  )
}

function OwnUpdate() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const reading = useReading((api) => api.updates.state(), 'updates')
  const check = async () => {
    if (await run(() => api.updates.check())) reading.again()
  }
  return (
    <ReadingView reading={reading}>
      {(state) => (
        <div className="space-y-2 text-sm">
          <p className="font-medium">{t('updates.version', { version: state.version })}</p>
          <p className="break-words text-muted">
            {t(`updates.installed.${state.installed}`, { folder: state.folder })}
          </p>
          <Known state={state} />
          {state.mayAsk && (
            <Button size="small" disabled={busy} onClick={() => void check()}>
              {t('updates.check')}
            </Button>
          )}
        </div>
      )}
    </ReadingView>
  )
}

function Known({ state }: { state: State }) {
  const { t, date } = useWords()
  const { installed, checking, mayAsk, newer, problem, checkedAt } = state
  if (problem !== undefined) return <Notice tone="warn">{t('updates.problem', { problem })}</Notice>
  if (newer !== undefined) return <Notice tone="accent">{t('updates.newer', { version: newer })}</Notice>
  if (checkedAt !== undefined) return <p>{t('updates.newest', { at: date(checkedAt) })}</p>
  if (installed === 'sources' || mayAsk) return null
  return <p className="text-muted">{t(checking === 'off' ? 'updates.off' : 'updates.nowhere')}</p>
}

/** Each leads to its server, where an update is shown whole before it is taken. */
function ServerUpdates() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const reading = useReading((api) => api.cells.list(), 'cells')
  const check = async () => {
    if (await run(() => api.cells.checkUpdates({}), t('updates.servers.asked'))) reading.again()
  }
  return (
    <section aria-label={t('updates.servers')} className="space-y-2 text-sm">
      <h3 className="font-medium">{t('updates.servers')}</h3>
      <ReadingView reading={reading}>
        {({ cells }) => {
          const newer = cells.filter(({ update }) => update && update.latest !== update.installed)
          if (newer.length === 0) return <p className="text-muted">{t('updates.servers.none')}</p>
          return (
            <ul className="space-y-1.5">
              {newer.map(({ server, update }) => (
                <li key={server}>
                  {t('updates.servers.change', {
                    server,
                    installed: update?.installed ?? '',
                    latest: update?.latest ?? '',
                  })}{' '}
                  <a className="text-accent underline" href={routeTo('servers', server)}>
                    {t('updates.servers.review', { server })}
                  </a>
                </li>
              ))}
            </ul>
          )
        }}
      </ReadingView>
      <Button size="small" disabled={busy} onClick={() => void check()}>
        {t('updates.servers.check')}
      </Button>
    </section>
  )
}
