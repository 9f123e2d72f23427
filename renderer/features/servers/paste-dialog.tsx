import { type FormEvent, useState } from 'react'
import type { ImportPlan } from '../../../shared/contract/apps.ts'
import { sentenceOf, useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { ImportList, importable, useImportToasts } from '../clients/import-list.tsx'
import { useWorkspaceChoice } from '../workspaces/workspace-field.tsx'

interface Planned {
  readonly servers: readonly ImportPlan[]
  readonly preview: string
}
const form = 'pasted-configuration'

/** Two steps: paste what another app's configuration says, then see what would be added before it is. */
export function PasteDialog({ onClose, onAdded }: { onClose: () => void; onAdded: (name: string) => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const tell = useImportToasts()
  const { part, field } = useWorkspaceChoice()
  const [pasted, setPasted] = useState('')
  const [problem, setProblem] = useState<string>()
  const [planned, setPlanned] = useState<Planned>()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const look = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const found = await api.apps.previewPasted({ pasted })
      setPlanned(found)
      setChosen(importable(found.servers))
    } catch (failure) {
      setProblem(sentenceOf(failure, t))
    }
  }
  const add = ({ preview }: Planned) =>
    void run(async () => {
      const { servers } = await api.apps.importPasted({ pasted, servers: [...chosen], preview, ...part })
      const [first] = tell(servers)
      if (first) onAdded(first.as)
    })
  return (
    <Dialog
      wide
      title={t('paste.title')}
      description={t(planned ? 'paste.planned' : 'paste.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        planned ? (
          <>
            <Button look="quiet" disabled={busy} onClick={() => setPlanned(undefined)}>
              {t('back')}
            </Button>
            <Button look="primary" disabled={busy || chosen.length === 0} onClick={() => add(planned)}>
              {busy ? t('servers.adding') : t('apps.import.confirm', { count: chosen.length })}
            </Button>
          </>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" form={form} look="primary" disabled={pasted.trim() === ''}>
              {t('servers.add.review')}
            </Button>
          </>
        )
      }
    >
      {planned ? (
        <div className="space-y-5">
          {field}
          <ImportList servers={planned.servers} chosen={chosen} onChange={setChosen} />
        </div>
      ) : (
        <form id={form} onSubmit={(event) => void look(event)}>
          <Field label={t('paste.label')} hint={t('paste.hint')} error={problem}>
            {(ids) => (
              <TextArea
                {...ids}
                rows={12}
                maxLength={262_144}
                className="w-full text-xs"
                value={pasted}
                onChange={({ target }) => {
                  setProblem(undefined)
                  setPasted(target.value)
                }}
              />
            )}
          </Field>
        </form>
      )}
    </Dialog>
  )
}
