import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import type { Session } from './session-state.tsx'

/** Suspends one connection, or lets it go on; the app itself stays paired and may open another. */
export function PauseButton({ session, onChanged }: { session: Session; onChanged: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { id, client, state } = session
  const suspended = state === 'suspended'
  const toast = useMirror((mirror) => mirror.toast)
  const resume = () => run(() => api.sessions.resume({ id }), t('sessions.resumed', { client }))
  const suspend = () =>
    run(async () => {
      await api.sessions.suspend({ id })
      toast('ok', t('sessions.suspended', { client }), { label: t('undo'), run: () => void resume() })
    })
  const change = async () => {
    if (await (suspended ? resume() : suspend())) onChanged()
  }
  return (
    <Button
      size="small"
      disabled={busy}
      aria-label={t(suspended ? 'sessions.resume.label' : 'sessions.suspend.label', { client })}
      onClick={() => void change()}
    >
      {t(suspended ? 'clients.resume' : 'clients.suspend')}
    </Button>
  )
}
