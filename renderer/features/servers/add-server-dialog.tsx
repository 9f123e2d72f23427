import { useState } from 'react'
import type { z } from 'zod'
import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import type { serverPlan } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useWorkspaceChoice } from '../workspaces/workspace-field.tsx'
import { type CheckedForm, checkForm, type DraftForm, emptyForm } from './draft.ts'
import { DraftFields } from './draft-fields.tsx'
import { GraveNotice, useGraveFindings } from './grave-findings.tsx'
import { PlanView } from './plan-view.tsx'

type Checked = Extract<CheckedForm, { ok: true }>
type Plan = z.output<typeof serverPlan>

interface AddServerProps {
  readonly onClose: () => void
  readonly onAdded: (name: string) => void
  /** The person has a bundle file instead of a command. */
  readonly onBundle: () => void
}

/** Two steps: say what to run, then see exactly what would run before it ever does. */
export function AddServerDialog({ onClose, onAdded, onBundle }: AddServerProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { part, field } = useWorkspaceChoice()
  const [form, setForm] = useState<DraftForm>(emptyForm)
  const [problem, setProblem] = useState<string>()
  const [planned, setPlanned] = useState<{ checked: Checked; plan: Plan }>()

  const review = () => {
    const typed = checkForm(form)
    if (!typed.ok) return setProblem(t(`servers.add.problem.${typed.problem}`))
    const checked = { ...typed, draft: { ...typed.draft, ...part } }
    setProblem(undefined)
    void run(async () => {
      const draft = await ofFolder(api, checked.draft)
      setPlanned({ checked: { ...checked, draft }, plan: await api.servers.plan(draft) })
    })
  }
  const { grave, noting, forget } = useGraveFindings()
  const missing = planned?.plan.resolvedExecutable === ''
  const back = () => {
    setPlanned(undefined)
    forget()
  }
  const add = ({ draft, secrets }: Checked) =>
    void run(
      async () => {
        const whole = { ...draft, ...(grave === undefined ? {} : { acceptFindings: true }) }
        await (missing ? api.servers.addOff(draft) : noting(api.servers.add(whole)))
        for (const [name, value] of secrets) await api.secrets.set({ server: draft.name as ServerName, name, value })
        if (secrets.size > 0 && !missing) await api.servers.restart({ name: draft.name as ServerName })
        onAdded(draft.name)
      },
      t(missing ? 'servers.addedOff' : 'servers.added', { server: draft.name }),
    )
  return (
    <Dialog
      wide
      title={planned ? t('servers.plan.title', { server: planned.checked.draft.name }) : t('servers.add')}
      description={planned ? t('servers.plan.text') : t('servers.add.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        planned ? (
          <>
            <Button look={missing ? 'primary' : 'quiet'} disabled={busy} onClick={back}>
              {t(missing ? 'servers.plan.correct' : 'back')}
            </Button>
            <Button
              look={missing ? 'plain' : planned.plan.sandbox === 0 || grave ? 'danger' : 'primary'}
              disabled={busy}
              onClick={() => add(planned.checked)}
            >
              {busy
                ? t('servers.adding')
                : t(missing ? 'servers.plan.addOff' : grave ? 'cell.grave.add' : 'servers.plan.confirm')}
            </Button>
          </>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button look="primary" disabled={busy} onClick={review}>
              {t('servers.add.review')}
            </Button>
          </>
        )
      }
    >
      {!planned && (
        <p className="mb-4 flex flex-wrap items-center gap-x-3 text-sm text-muted">
          {t('bundle.offer')}
          <Button size="small" onClick={onBundle}>
            {t('bundle.add')}
          </Button>
        </p>
      )}
      {problem && !planned && (
        <div className="mb-4">
          <Notice tone="danger" alert>
            {problem}
          </Notice>
        </div>
      )}
      {planned && <GraveNotice grave={grave} />}
      {planned && missing && <MissingProgram />}
      {planned ? <PlanView plan={planned.plan} /> : <DraftFields form={form} onChange={setForm} workspace={field} />}
    </Dialog>
  )
}

/** Where a folder was named instead of a command: the command it is run by, as its project file says. */
async function ofFolder(api: GatehouseApi, draft: Checked['draft']): Promise<Checked['draft']> {
  if (draft.args.length > 0) return draft
  const { found } = await api.servers.inFolder({ folder: draft.command })
  return { ...draft, ...found }
}

function MissingProgram() {
  const { t } = useWords()
  return (
    <div className="mb-5">
      <Notice tone="danger" alert>
        <p className="font-medium">{t('servers.plan.missing')}</p>
        <p className="mt-1">{t('servers.plan.missing.text')}</p>
      </Notice>
    </div>
  )
}
