import { useState } from 'react'
import type { SignInBegun } from '../../../shared/contract/sign-ins.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { scopeWords } from '../../../shared/messages/scope-words.ts'
import { sentenceOf, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Loading, Notice } from '../../ui/notice.tsx'

interface SignInDialogProps {
  readonly name: string
  readonly onClose: () => void
}

type Step = { readonly at: 'intro' | 'finding' } | { readonly at: 'begun'; readonly begun: SignInBegun }

/** Leads the person to the page of a server's sign-in service, and waits. Closing it ends the sign-in. */
export function SignInDialog({ name, onClose }: SignInDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const toast = useMirror((mirror) => mirror.toast)
  const [step, setStep] = useState<Step>({ at: 'intro' })
  const [failure, setFailure] = useState<string>()
  const [own, setOwn] = useState(noClient)

  const begin = async () => {
    setFailure(undefined)
    setStep({ at: 'finding' })
    try {
      const begun = await api.signIns.begin({ server: name as ServerName, ...givenOf(own) })
      setStep({ at: 'begun', begun })
      await api.signIns.wait({ id: begun.id })
      toast('ok', t('signIn.done', { server: name }))
      onClose()
    } catch (error) {
      setFailure(sentenceOf(error, t))
      setStep({ at: 'intro' })
    }
  }
  const close = () => {
    if (step.at === 'begun') void api.signIns.cancel({ id: step.begun.id }).catch(() => undefined)
    onClose()
  }
  return (
    <Dialog
      title={t('signIn.title', { server: name })}
      description={t('signIn.text')}
      closeLabel={t('close')}
      onClose={close}
      footer={<Footer step={step} onBegin={() => void begin()} onClose={close} />}
    >
      <div className="space-y-4">
        {failure && (
          <Notice tone="danger" alert>
            <ExactText text={failure} />
          </Notice>
        )}
        {step.at === 'intro' && <OwnClient own={own} onChange={setOwn} />}
        {step.at === 'finding' && <Loading label={t('signIn.finding')} />}
        {step.at === 'begun' && <Where begun={step.begun} />}
      </div>
    </Dialog>
  )
}

function Footer({ step, onBegin, onClose }: { step: Step; onBegin: () => void; onClose: () => void }) {
  const { t } = useWords()
  return (
    <>
      <Button look="quiet" onClick={onClose}>
        {t('cancel')}
      </Button>
      {step.at === 'begun' ? (
        <OpenPage begun={step.begun} />
      ) : (
        <Button look="primary" disabled={step.at === 'finding'} onClick={onBegin}>
          {t('signIn.find')}
        </Button>
      )}
    </>
  )
}

/** The desktop app opens the person's browser; in a browser it is a link of the page. */
function OpenPage({ begun }: { begun: SignInBegun }) {
  const { t } = useWords()
  const api = useApi()
  const toast = useMirror((mirror) => mirror.toast)
  if (begun.opens)
    return (
      <Button
        look="primary"
        onClick={() => void api.signIns.open({ id: begun.id }).catch((error) => toast('problem', sentenceOf(error, t)))}
      >
        {t('signIn.open')}
      </Button>
    )
  return (
    <a
      href={begun.url}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex min-h-9 items-center rounded-lg bg-accent px-3.5 py-1.5 text-sm font-medium text-accent-ink hover:bg-accent-strong"
    >
      {t('signIn.open')}
    </a>
  )
}

function Where({ begun }: { begun: SignInBegun }) {
  const { t, language } = useWords()
  return (
    <>
      <p className="text-sm">
        {t('signIn.at')}{' '}
        <strong className="font-mono break-all">
          <ExactText text={begun.host} />
        </strong>
      </p>
      {begun.scopes.length === 0 && <p className="text-sm">{t('signIn.asks.nothing')}</p>}
      {begun.scopes.length > 0 && (
        <div>
          <p className="text-sm">{t('signIn.asks')}</p>
          <ul className="mt-1 list-disc space-y-1 pl-5 text-sm">
            {begun.scopes.map((scope) => (
              <li key={scope} className="break-words">
                <ExactText text={scopeWords(scope, language)} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <Loading label={t('signIn.waiting')} />
    </>
  )
}

const noClient = { clientId: '', clientSecret: '', port: '' }
type OwnClientText = typeof noClient

function givenOf({ clientId, clientSecret, port }: OwnClientText) {
  if (clientId.trim() === '') return {}
  return {
    clientId: clientId.trim(),
    ...(clientSecret === '' ? {} : { clientSecret }),
    ...(/^\d+$/.test(port) ? { port: Number(port) } : {}),
  }
}

function OwnClient({ own, onChange }: { own: OwnClientText; onChange: (own: OwnClientText) => void }) {
  const { t } = useWords()
  const input =
    (key: keyof OwnClientText, type = 'text') =>
    (ids: object) => (
      <Input
        {...ids}
        type={type}
        className="w-full"
        value={own[key]}
        onChange={(event) => onChange({ ...own, [key]: event.target.value })}
      />
    )
  return (
    <details>
      <summary className="cursor-pointer text-sm text-muted">{t('signIn.own')}</summary>
      <div className="mt-3 space-y-3">
        <Field label={t('signIn.own.id')}>{input('clientId')}</Field>
        <Field label={t('signIn.own.secret')}>{input('clientSecret', 'password')}</Field>
        <Field label={t('signIn.own.port')}>{input('port')}</Field>
      </div>
    </details>
  )
}
