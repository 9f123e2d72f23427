import { Plus } from 'lucide-react'
import { useState } from 'react'
import { defaultWorkspace, type GrantId } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { UntilField } from '../approvals/until-field.tsx'
import { ClientSelect, ToolInput } from './catalog-fields.tsx'
import { ConditionFields } from './condition-fields.tsx'
import type { Effect } from './effect-badge.tsx'
import { draftOf, emptyForm, hoursFault, type RuleForm } from './rule-form.ts'
import { RulePreview } from './rule-preview.tsx'

export function AddRule({ onAdded }: { onAdded: () => void }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setOpen(true)}>
        {t('permissions.add')}
      </Button>
      {open && (
        <RuleDialog
          onClose={() => setOpen(false)}
          onAdded={() => {
            setOpen(false)
            onAdded()
          }}
        />
      )}
    </>
  )
}

interface RuleDialogProps {
  readonly start?: Partial<RuleForm>
  readonly onClose: () => void
  readonly onAdded: () => void
}

/** A rule by clicking; what it comes to is shown as a sentence and as Cedar before it is made. */
export function RuleDialog({ start, onClose, onAdded }: RuleDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const lookedAt = useMirror((mirror) => mirror.workspace)
  const workspace = lookedAt === undefined || lookedAt === defaultWorkspace ? '' : lookedAt
  const [form, setForm] = useState<RuleForm>({ ...emptyForm, workspace, ...start })
  const [openedAt] = useState(() => Date.now())
  const change = (part: Partial<RuleForm>) => setForm((before) => ({ ...before, ...part }))
  const { effect } = form
  const save = async () => {
    let made: GrantId | undefined
    const add = async () => {
      made = (await api.permissions[effect](draftOf(form, Date.now()))).id
    }
    const takeBack = async () => made && api.permissions.revoke({ id: made })
    if (await run(add, t('permissions.added'), takeBack)) onAdded()
  }
  return (
    <Dialog
      title={t('permissions.add')}
      description={t('permissions.add.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            look="primary"
            disabled={busy || form.tool.trim() === '' || hoursFault(form) !== undefined}
            onClick={() => void save()}
          >
            {t('permissions.add')}
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        <Field label={t('permissions.effect')} hint={t(`effect.${effect}.text`)}>
          {(ids) => (
            <Select {...ids} value={effect} onChange={(event) => change({ effect: event.target.value as Effect })}>
              <option value="allow">{t('effect.allow')}</option>
              <option value="ask">{t('effect.ask')}</option>
              <option value="deny">{t('effect.deny')}</option>
            </Select>
          )}
        </Field>
        <ClientSelect client={form.client} onChange={(client) => change({ client })} any />
        <ToolInput tool={form.tool} onChange={(tool) => change({ tool })} hint={t('permissions.tool.hint')} />
        <Field label={t('permissions.path')} hint={t('permissions.path.hint')}>
          {(ids) => (
            <Input
              {...ids}
              value={form.path}
              onChange={(event) => change({ path: event.target.value })}
              className="font-mono"
            />
          )}
        </Field>
        <ConditionFields form={form} onChange={change} />
        <UntilField until={form.until} date={form.date} onChange={(until, date) => change({ until, date })} />
        {hoursFault(form) === undefined && <RulePreview effect={effect} draft={draftOf(form, openedAt)} />}
      </div>
    </Dialog>
  )
}
