import { type ReactNode, useState } from 'react'
import type { z } from 'zod'
import type { remotePlan } from '../../../shared/contract/remote.ts'
import { type RemoteTransport, remoteTransports } from '../../../shared/domain/remote.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Check, Field, Input, Select, TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useWorkspaceChoice } from '../workspaces/workspace-field.tsx'
import { MachineSignInFields } from './machine-sign-in-fields.tsx'
import { NameField } from './name-field.tsx'
import {
  type CheckedRemote,
  checkRemote,
  emptyRemote,
  type RemoteForm,
  type RemoteFormProblem,
} from './remote-draft.ts'
import { RemotePlanView } from './remote-plan-view.tsx'

type Plan = z.output<typeof remotePlan>

/** Two steps: say where it is, then see exactly where that leads before anything is sent there. */
export function AddRemoteDialog({ onClose, onAdded }: { onClose: () => void; onAdded: (name: string) => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { part, field } = useWorkspaceChoice()
  const [form, setForm] = useState<RemoteForm>(emptyRemote)
  const [problem, setProblem] = useState<RemoteFormProblem>()
  const [planned, setPlanned] = useState<{ checked: CheckedRemote; plan: Plan }>()

  const review = () => {
    const typed = checkRemote(form)
    if (typeof typed === 'string') return setProblem(typed)
    const checked = { ...typed, draft: { ...typed.draft, ...part } }
    setProblem(undefined)
    void run(async () => setPlanned({ checked, plan: await api.remote.plan(checked.draft) }))
  }
  const add = ({ draft, secrets }: CheckedRemote) =>
    void run(
      async () => {
        await api.remote.add({ ...draft, secrets })
        onAdded(draft.name)
      },
      t('servers.added', { server: draft.name }),
    )
  return (
    <Dialog
      wide
      title={planned ? t('remote.plan.title', { server: planned.checked.draft.name }) : t('remote.add.title')}
      description={planned ? t('remote.plan.text') : t('remote.add.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        planned ? (
          <>
            <Button look="quiet" disabled={busy} onClick={() => setPlanned(undefined)}>
              {t('back')}
            </Button>
            <Button look="primary" disabled={busy} onClick={() => add(planned.checked)}>
              {busy ? t('servers.adding') : t('remote.plan.confirm')}
            </Button>
          </>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button look="primary" disabled={busy} onClick={review}>
              {t('remote.review')}
            </Button>
          </>
        )
      }
    >
      {problem && !planned && (
        <div className="mb-4">
          <Notice tone="danger" alert>
            {t(problem)}
          </Notice>
        </div>
      )}
      {planned ? (
        <RemotePlanView plan={planned.plan} />
      ) : (
        <RemoteFields form={form} onChange={setForm} workspace={field} />
      )}
    </Dialog>
  )
}

interface RemoteFieldsProps {
  readonly form: RemoteForm
  readonly onChange: (form: RemoteForm) => void
  readonly workspace: ReactNode
}

function RemoteFields({ form, onChange, workspace }: RemoteFieldsProps) {
  const { t } = useWords()
  const set = (part: Partial<RemoteForm>) => onChange({ ...form, ...part })
  return (
    <div className="space-y-5">
      <NameField name={form.name} onChange={(name) => set({ name })} />
      {workspace}
      <Field label={t('remote.url')} hint={t('remote.url.hint')}>
        {(ids) => (
          <Input
            {...ids}
            value={form.url}
            placeholder="https://mcp.example.com/mcp"
            onChange={(event) => set({ url: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('remote.transport')}>
        {(ids) => (
          <Select
            {...ids}
            value={form.transport}
            onChange={(event) => set({ transport: event.target.value as RemoteTransport })}
          >
            {remoteTransports.map((one) => (
              <option key={one} value={one}>
                {t(`remote.transport.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('remote.headers')} hint={t('remote.headers.hint')}>
        {(ids) => (
          <TextArea
            {...ids}
            rows={2}
            value={form.headers}
            placeholder="Authorization=Bearer …"
            onChange={(event) => set({ headers: event.target.value })}
          />
        )}
      </Field>
      <MachineSignInFields form={form.signIn} onChange={(signIn) => set({ signIn })} />
      <Check
        checked={form.privateNetwork}
        onChange={(privateNetwork) => set({ privateNetwork })}
        label={t('remote.private')}
        hint={t('remote.private.hint')}
      />
      <Check
        checked={form.tls12}
        onChange={(tls12) => set({ tls12 })}
        label={t('remote.tls12')}
        hint={t('remote.tls12.hint')}
      />
    </div>
  )
}
