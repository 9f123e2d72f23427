import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { faultOf, type LogPart, type PartFault, type PartFields, partOf } from './log-part.ts'

interface CheckPartProps {
  readonly onCheck: (part: LogPart) => void
  readonly onClose: () => void
}

/** Which part of the log to check: from an entry to another, or from a day to another. */
export function CheckPart({ onCheck, onClose }: CheckPartProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [fields, setFields] = useState<PartFields>({ by: 'entries', from: '', to: '' })
  const [fault, setFault] = useState<PartFault>()
  const change = (part: Partial<PartFields>) => {
    setFault(undefined)
    setFields({ ...fields, ...part })
  }
  const check = async () => {
    const wrong = faultOf(fields)
    if (wrong) return setFault(wrong)
    await run(async () => {
      const part = await partOf(fields, api.audit)
      if (part === 'none') setFault('none')
      else onCheck(part)
    })
  }
  const type = fields.by === 'days' ? 'date' : 'text'
  const ends = ['from', 'to'] as const
  return (
    <Dialog
      title={t('audit.part.title')}
      description={t('audit.part.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" type="submit" form="check-part" disabled={busy}>
            {t('audit.part.check')}
          </Button>
        </>
      }
    >
      <form
        id="check-part"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void check()
        }}
      >
        <Field label={t('audit.part.by')}>
          {(ids) => (
            <Select
              {...ids}
              value={fields.by}
              onChange={(event) => change({ by: event.target.value as PartFields['by'], from: '', to: '' })}
            >
              <option value="entries">{t('audit.part.entries')}</option>
              <option value="days">{t('audit.part.days')}</option>
            </Select>
          )}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          {ends.map((end) => (
            <Field
              key={end}
              label={t(`audit.part.${end}.${fields.by}`)}
              error={end === 'to' && fault ? t(`audit.part.fault.${fault}`) : undefined}
            >
              {(ids) => (
                <Input
                  {...ids}
                  type={type}
                  inputMode={type === 'text' ? 'numeric' : undefined}
                  value={fields[end]}
                  maxLength={16}
                  className="w-full"
                  onChange={(event) => change({ [end]: event.target.value.trim() })}
                />
              )}
            </Field>
          ))}
        </div>
      </form>
    </Dialog>
  )
}
