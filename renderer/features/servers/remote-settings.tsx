import { useState } from 'react'
import type { z } from 'zod'
import type { remoteChange, remotePlan } from '../../../shared/contract/remote.ts'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Check, Field, Input, TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { MachineSignInFields } from './machine-sign-in-fields.tsx'
import { checkSignIn, emptySignIn, type SignInForm } from './machine-sign-in-form.ts'
import { checkHeaders } from './remote-draft.ts'
import { RemotePlanView } from './remote-plan-view.tsx'

interface Planned {
  readonly change: z.input<typeof remoteChange>
  readonly secrets: Readonly<Record<string, string>>
  readonly plan: z.output<typeof remotePlan>
}

/** Where a remote server leads and what is sent along. What was and what would be is shown before anything changes. */
export function RemoteSettings({ server, onSaved }: { server: ServerDetail; onSaved: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [url, setUrl] = useState(server.command)
  const [headers, setHeaders] = useState('')
  const [privateNetwork, setPrivateNetwork] = useState(false)
  const [tls12, setTls12] = useState(server.tls12 ?? false)
  const [signIn, setSignIn] = useState<SignInForm>()
  const [problem, setProblem] = useState<'remote.problem.headers' | 'remote.problem.signIn'>()
  const [planned, setPlanned] = useState<Planned>()
  const review = () => {
    const checked = checkHeaders(headers)
    if (checked === undefined) return setProblem('remote.problem.headers')
    const changed = signIn && checkSignIn(signIn)
    if (signIn && !changed) return setProblem('remote.problem.signIn')
    setProblem(undefined)
    const change = {
      name: server.name as ServerName,
      from: server.command,
      url: url.trim(),
      ...(checked.headers.length > 0 ? { headers: checked.headers } : {}),
      ...(privateNetwork ? { privateNetwork } : {}),
      ...(tls12 === (server.tls12 ?? false) ? {} : { tls: { tls12 } }),
      ...(changed ? { signIn: changed.signIn.signIn ?? null } : {}),
    }
    const secrets = { ...checked.secrets, ...changed?.secrets }
    void run(async () => setPlanned({ change, secrets, plan: await api.remote.planChange(change) }))
  }
  const save = async ({ change, secrets }: Planned) => {
    if (!(await run(() => api.remote.set({ ...change, secrets }), t('saved')))) return
    setPlanned(undefined)
    setSignIn(undefined)
    onSaved()
  }
  return (
    <fieldset className="space-y-4">
      <legend className="mb-1 text-sm font-medium">{t('remote.where')}</legend>
      {problem && (
        <Notice tone="danger" alert>
          {t(problem)}
        </Notice>
      )}
      <Field label={t('remote.url')}>
        {(ids) => <Input {...ids} value={url} onChange={(event) => setUrl(event.target.value)} />}
      </Field>
      <Field label={t('remote.headers')} hint={t('remote.headers.keep')}>
        {(ids) => <TextArea {...ids} rows={2} value={headers} onChange={(event) => setHeaders(event.target.value)} />}
      </Field>
      <Check
        checked={privateNetwork}
        onChange={setPrivateNetwork}
        label={t('remote.private')}
        hint={t('remote.private.hint')}
      />
      <Check checked={tls12} onChange={setTls12} label={t('remote.tls12')} hint={t('remote.tls12.hint')} />
      <Check
        checked={signIn !== undefined}
        onChange={(wanted) => setSignIn(wanted ? emptySignIn : undefined)}
        label={t('remote.signIn.change')}
        hint={t('remote.signIn.change.hint')}
      />
      {signIn && <MachineSignInFields form={signIn} onChange={setSignIn} />}
      <Button disabled={busy} onClick={review}>
        {t('remote.review')}
      </Button>
      {planned && (
        <Dialog
          wide
          title={t('remote.change.title', { server: server.name })}
          description={t('remote.change.text')}
          closeLabel={t('close')}
          onClose={() => setPlanned(undefined)}
          footer={
            <>
              <Button look="quiet" disabled={busy} onClick={() => setPlanned(undefined)}>
                {t('back')}
              </Button>
              <Button look="primary" disabled={busy} onClick={() => void save(planned)}>
                {t('remote.change.confirm')}
              </Button>
            </>
          }
        >
          <Changes changes={planned.plan.changes ?? []} />
          <RemotePlanView plan={planned.plan} />
        </Dialog>
      )}
    </fieldset>
  )
}

function Changes({ changes }: { changes: readonly string[] }) {
  const { t } = useWords()
  return (
    <div className="mb-5">
      <h3 className="mb-1 text-sm font-semibold">{t('remote.change.changes')}</h3>
      <ul className="list-disc space-y-1 pl-5 text-sm">
        {changes.length === 0 && <li>{t('none')}</li>}
        {changes.map((change) => (
          <li key={change} className="break-words">
            <ExactText text={change} />
          </li>
        ))}
      </ul>
    </div>
  )
}
