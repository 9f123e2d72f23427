import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { Session } from './session-state.tsx'

interface EndSessionProps {
  readonly session: Session
  readonly onEnded: () => void
}

export function EndButton(props: EndSessionProps) {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button
        size="small"
        aria-label={t('sessions.end.label', { client: props.session.client })}
        onClick={() => setAsking(true)}
      >
        {t('sessions.end')}
      </Button>
      {asking && <EndDialog {...props} onClose={() => setAsking(false)} />}
    </>
  )
}

/** Says that the app comes back by itself, and offers what keeps it out. */
function EndDialog({ session: { id, client, door }, onEnded, onClose }: EndSessionProps & { onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const comesBack = door === 'bridge' || door === 'http'
  const after = async (work: () => Promise<unknown>, done: string) => {
    if (!(await run(work, done))) return
    onClose()
    onEnded()
  }
  const end = () => after(() => api.sessions.end({ id }), t('sessions.ended', { client }))
  const suspend = () => after(() => api.clients.suspend({ name: client }), t('clients.suspended.done', { client }))
  return (
    <Dialog
      title={t('sessions.end.title', { client })}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          {comesBack && (
            <Button disabled={busy} onClick={() => void suspend()}>
              {t('sessions.end.suspend')}
            </Button>
          )}
          <Button look="danger" disabled={busy} onClick={() => void end()}>
            {t('sessions.end.confirm')}
          </Button>
        </>
      }
    >
      <p>{t('sessions.end.calls')}</p>
      {comesBack && <p className="mt-3">{t('sessions.end.again', { client })}</p>}
    </Dialog>
  )
}
