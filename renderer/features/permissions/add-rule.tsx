import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { type Until, untilMs } from '../approvals/until.ts'
import { UntilField } from '../approvals/until-field.tsx'
import { ClientSelect, ToolInput } from './catalog-fields.tsx'
import type { Effect } from './effect-badge.tsx'

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

function RuleDialog({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [effect, setEffect] = useState<Effect>('ask')
  const [client, setClient] = useState('*')
  const [tool, setTool] = useState('')
  const [path, setPath] = useState('')
  const [until, setUntil] = useState<Until>('forever')
  const [date, setDate] = useState('')
  const save = async () => {
    const ends = untilMs(until, Date.now(), date)
    const draft = {
      client,
      tool: tool.trim(),
      ...(path.trim() ? { path: path.trim() } : {}),
      ...(ends === undefined ? {} : { until: ends as EpochMs }),
    }
    if (await run(() => api.permissions[effect](draft), t('permissions.added'))) onAdded()
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
          <Button look="primary" disabled={busy || tool.trim() === ''} onClick={() => void save()}>
            {t('permissions.add')}
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        <Field label={t('permissions.effect')} hint={t(`effect.${effect}.text`)}>
          {(ids) => (
            <Select {...ids} value={effect} onChange={(event) => setEffect(event.target.value as Effect)}>
              <option value="allow">{t('effect.allow')}</option>
              <option value="ask">{t('effect.ask')}</option>
              <option value="deny">{t('effect.deny')}</option>
            </Select>
          )}
        </Field>
        <ClientSelect client={client} onChange={setClient} any />
        <ToolInput tool={tool} onChange={setTool} hint={t('permissions.tool.hint')} />
        <Field label={t('permissions.path')} hint={t('permissions.path.hint')}>
          {(ids) => (
            <Input {...ids} value={path} onChange={(event) => setPath(event.target.value)} className="font-mono" />
          )}
        </Field>
        <UntilField until={until} date={date} onChange={(chosen, day) => [setUntil(chosen), setDate(day)]} />
      </div>
    </Dialog>
  )
}
