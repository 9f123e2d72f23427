import { useState } from 'react'
import type { Connection } from '../transport/transport.ts'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/notice.tsx'
import { sentenceOf } from './gatehouse-context.tsx'
import { Mark } from './mark.tsx'
import { PassphraseFields } from './passphrase-fields.tsx'
import { useWords } from './words.tsx'

interface ConnectionPageProps {
  readonly connection: Connection
  readonly failure: unknown
  /** Reads again what failed. */
  readonly onAgain: () => void
}

/** What is shown before main answered: connecting, not signed in, locked, or not there. */
export function ConnectionPage({ connection, failure, onAgain }: ConnectionPageProps) {
  const { t } = useWords()
  const state = connection === 'connected' ? (failure === undefined ? 'connecting' : 'failed') : connection
  return (
    <main className="flex min-h-full items-center justify-center bg-wall p-6 text-wall-ink">
      <div className="w-full max-w-md animate-rise rounded-2xl bg-surface p-8 text-center text-ink shadow-dialog">
        <Mark className="mx-auto mb-5 size-14" />
        {state === 'connecting' ? (
          <>
            <h1 className="font-serif text-2xl font-semibold">Gatehouse</h1>
            <div className="flex justify-center">
              <Loading label={t('connection.connecting')} />
            </div>
          </>
        ) : (
          <>
            <h1 className="font-serif text-2xl font-semibold">{t(`connection.${state}.title`)}</h1>
            <p className="mt-3 text-muted">
              {state === 'failed' ? sentenceOf(failure, t) : t(`connection.${state}.text`)}
            </p>
            {state === 'failed' && (
              <Button look="primary" className="mt-5" onClick={() => onAgain()}>
                {t('tryAgain')}
              </Button>
            )}
            {state === 'locked' && <Unlock />}
            {state === 'signed-out' && (
              <a href="/login" className="mt-5 inline-block font-medium text-accent underline underline-offset-4">
                {t('connection.signed-out.passphrase')}
              </a>
            )}
          </>
        )}
      </div>
    </main>
  )
}

function Unlock() {
  const { t } = useWords()
  const [busy, setBusy] = useState(false)
  return (
    <div className="mt-6 space-y-4 text-left">
      <PassphraseFields id="unlock" onBusy={setBusy} onConfirmed={() => undefined} />
      <Button look="primary" type="submit" form="unlock" disabled={busy} className="w-full">
        {t('connection.locked.unlock')}
      </Button>
    </div>
  )
}

/** A calm line over what was last known, while the connection is being found again. */
export function LostBanner() {
  const { t } = useWords()
  return (
    <div
      role="status"
      className="fixed inset-x-0 top-0 z-30 flex items-center justify-center gap-3 border-b border-warn/30 bg-warn-soft px-4 py-2 text-sm text-warn"
    >
      <span aria-hidden="true" className="size-2 animate-breathe rounded-full bg-warn" />
      <strong className="font-semibold">{t('connection.lost.title')}</strong>
      <span>{t('connection.lost.text')}</span>
    </div>
  )
}
