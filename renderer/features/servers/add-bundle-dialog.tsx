import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useWorkspaceChoice } from '../workspaces/workspace-field.tsx'
import { BundleFields } from './bundle-fields.tsx'
import {
  type BundleDraft,
  type BundleForm,
  type BundlePlan,
  bundleSecrets,
  checkBundle,
  emptyBundle,
  lacking,
} from './bundle-form.ts'
import { BundlePlanView } from './bundle-plan-view.tsx'
import { GraveNotice, useGraveFindings } from './grave-findings.tsx'

interface Planned {
  readonly draft: BundleDraft
  readonly shown: BundlePlan
}

/** Two steps: name the file, then see what is in it, fill in its settings and see exactly what would run. */
export function AddBundleDialog({ onClose, onAdded }: { onClose: () => void; onAdded: (name: string) => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { part, field } = useWorkspaceChoice()
  const [form, setForm] = useState<BundleForm>(emptyBundle)
  const [problem, setProblem] = useState<string>()
  const [planned, setPlanned] = useState<Planned>()
  const { grave, noting, forget } = useGraveFindings()
  const known = planned?.shown.settings ?? []
  const typed = checkBundle(form, known)
  const checked = typeof typed === 'string' ? typed : { ...typed, ...part }
  const isStale = planned !== undefined && JSON.stringify(checked) !== JSON.stringify(planned.draft)

  const look = () => {
    if (typeof checked === 'string') return setProblem(t(checked))
    setProblem(undefined)
    forget()
    void run(async () => setPlanned({ draft: checked, shown: await api.bundles.plan(checked) }))
  }
  const add = ({ draft, shown }: Planned) => {
    const names = lacking(form, shown)
    if (names.length > 0) return setProblem(t('bundle.problem.missing', { names: names.join(', ') }))
    setProblem(undefined)
    const agreed = { sha256: shown.bundle.sha256, ...(grave === undefined ? {} : { acceptFindings: true }) }
    void run(
      async () => {
        await noting(api.bundles.add({ ...draft, ...agreed, secrets: bundleSecrets(form, known) }))
        onAdded(draft.name)
      },
      t('servers.added', { server: draft.name }),
    )
  }
  const back = () => {
    setPlanned(undefined)
    setProblem(undefined)
    forget()
  }
  return (
    <Dialog
      wide
      title={planned ? t('servers.plan.title', { server: planned.draft.name }) : t('bundle.add')}
      description={planned ? t('servers.plan.text') : t('bundle.add.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" disabled={busy} onClick={planned ? back : onClose}>
            {t(planned ? 'back' : 'cancel')}
          </Button>
          {planned && !isStale ? (
            <Button
              look={planned.shown.plan.sandbox === 0 || grave ? 'danger' : 'primary'}
              disabled={busy}
              onClick={() => add(planned)}
            >
              {busy ? t('servers.adding') : t(grave ? 'cell.grave.add' : 'servers.plan.confirm')}
            </Button>
          ) : (
            <Button look="primary" disabled={busy} onClick={look}>
              {t(planned ? 'bundle.again' : 'bundle.review')}
            </Button>
          )}
        </>
      }
    >
      {problem && (
        <div className="mb-4">
          <Notice tone="danger" alert>
            {problem}
          </Notice>
        </div>
      )}
      {planned && <GraveNotice grave={grave} />}
      {planned ? (
        <BundlePlanView
          shown={planned.shown}
          values={form.settings}
          onChange={(settings) => setForm({ ...form, settings })}
        />
      ) : (
        <BundleFields form={form} onChange={setForm} workspace={field} />
      )}
      {isStale && (
        <div className="mt-5">
          <Notice tone="warn" alert>
            {t('bundle.stale')}
          </Notice>
        </div>
      )}
    </Dialog>
  )
}
