import { useState } from 'react'
import type { SignInSummary } from '../../../shared/contract/sign-ins.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { scopeWords } from '../../../shared/messages/scope-words.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import type { ServerSummary } from '../../app/store.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SignInDialog } from './sign-in-dialog.tsx'

/** Says that a remote server waits for the person to sign in, or to allow more; nothing for any other. */
export function SignInNotice({ server }: { server: Pick<ServerSummary, 'name' | 'signIn'> }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const { name, signIn } = server
  if (signIn !== 'sign-in' && signIn !== 'more') return null
  const more = signIn === 'more'
  return (
    <div className="relative z-10">
      <Notice
        tone="warn"
        action={
          <Button size="small" look="primary" onClick={() => setOpen(true)}>
            {t(more ? 'signIn.allowMore' : 'signIn.begin')}
          </Button>
        }
      >
        {t(more ? 'signIn.more' : 'signIn.needed', { server: name })}
      </Notice>
      {open && <SignInDialog name={name} onClose={() => setOpen(false)} />}
    </div>
  )
}

/** Where the person is signed in and with which rights; signs them out. */
export function SignedIn({ server }: { server: Pick<ServerSummary, 'name' | 'signIn'> }) {
  const { signIn, name } = server
  const reading = useReading((api) => api.signIns.list(), `${name} ${signIn}`)
  const found = reading.value?.signIns.find((one) => one.server === name)
  if (found?.issuer === undefined) return null
  return <SignedInAt summary={found} onEnded={reading.again} />
}

function SignedInAt({ summary, onEnded }: { summary: SignInSummary; onEnded: () => void }) {
  const { t, language } = useWords()
  const api = useApi()
  const toast = useMirror((mirror) => mirror.toast)
  const { busy, run } = useAction()
  const { server, issuer = '', scopes } = summary
  const end = async () => {
    await run(async () => {
      const { revoked } = await api.signIns.end({ server: server as ServerName })
      toast(revoked ? 'ok' : 'warning', t(revoked ? 'signIn.ended' : 'signIn.ended.here', { server }))
    })
    onEnded()
  }
  const rights = scopes.map((scope) => scopeWords(scope, language)).join('; ')
  return (
    <div className="space-y-3">
      <Facts
        facts={[
          [t('signIn.state'), <ExactText key="issuer" text={t('signIn.signedIn', { issuer })} />],
          [t('signIn.rights'), <ExactText key="rights" text={rights || t('signIn.rights.unknown')} />],
        ]}
      />
      <Button size="small" disabled={busy} onClick={() => void end()}>
        {t('signIn.end')}
      </Button>
    </div>
  )
}
