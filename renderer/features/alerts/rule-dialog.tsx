import { type FormEvent, type ReactNode, useId, useState } from 'react'
import type { ShownRule } from '../../../shared/contract/alerts.ts'
import { severities } from '../../../shared/domain/alerts.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Check, Field, Input, Select } from '../../ui/field.tsx'
import { ChannelChecks } from './channel-checks.tsx'
import { FigureFields } from './figure-fields.tsx'
import { NumberField } from './number-field.tsx'
import { type DraftFault, draftOf, emptyDraft, faultsOf, type RuleDraft, ruleOf } from './rule-draft.ts'

interface RuleDialogProps {
  /** Undefined: a new one. */
  readonly rule: ShownRule | undefined
  readonly taken: readonly string[]
  readonly onClose: () => void
}

/** Makes or changes a rule. Main says what could never hold. */
export function RuleDialog({ rule, taken, onClose }: RuleDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const form = useId()
  const { busy, run } = useAction()
  const [draft, setDraft] = useState<RuleDraft>(() => (rule ? draftOf(rule) : emptyDraft))
  const [tried, setTried] = useState(false)
  const metrics = useReading((of) => of.alerts.metrics(), 0)
  const isTaken = !rule && taken.includes(draft.name)
  const faults = faultsOf(draft)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (faults.size > 0 || isTaken) return
    if (await run(() => api.alerts.setRule(ruleOf(draft)), t('saved'))) onClose()
  }
  return (
    <Dialog
      wide
      title={rule ? t('alerts.rule.dialog.change', { name: rule.name }) : t('alerts.rule.dialog.add')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form={form} disabled={busy}>
            {t('save')}
          </Button>
        </>
      }
    >
      <ReadingView reading={metrics}>
        {({ metrics: all }) => (
          <form id={form} onSubmit={save} noValidate className="space-y-5">
            <RuleFields
              draft={draft}
              isNew={!rule}
              faults={tried ? faults : none}
              isTaken={isTaken}
              onChange={setDraft}
            >
              <FigureFields draft={draft} metrics={all} faults={tried ? faults : none} onChange={setDraft} />
            </RuleFields>
          </form>
        )}
      </ReadingView>
    </Dialog>
  )
}

const none: ReadonlySet<DraftFault> = new Set()

interface FieldsProps {
  readonly draft: RuleDraft
  readonly isNew: boolean
  readonly isTaken: boolean
  readonly faults: ReadonlySet<DraftFault>
  readonly onChange: (draft: RuleDraft) => void
  readonly children: ReactNode
}

function RuleFields({ draft, isNew, isTaken, faults, onChange, children }: FieldsProps) {
  const { t } = useWords()
  const set = (part: Partial<RuleDraft>) => onChange({ ...draft, ...part })
  const nameFault = isTaken ? t('alerts.name.taken') : faults.has('name') ? t('alerts.name.wrong') : undefined
  return (
    <>
      {isNew && (
        <Field label={t('alerts.rule.name')} hint={t('alerts.name.hint')} error={nameFault}>
          {(ids) => (
            <Input
              {...ids}
              value={draft.name}
              maxLength={40}
              className="w-72"
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
      )}
      {children}
      <div className="flex flex-wrap gap-4">
        <Field label={t('alerts.rule.severity')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.severity}
              onChange={(event) => set({ severity: event.target.value as RuleDraft['severity'] })}
            >
              {severities.map((severity) => (
                <option key={severity} value={severity}>
                  {t(`alerts.severity.${severity}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <NumberField
          label={t('alerts.rule.cooldown')}
          value={draft.cooldown}
          wrong={faults.has('cooldown')}
          onChange={(cooldown) => set({ cooldown })}
        />
      </div>
      <ChannelChecks
        label={t('alerts.rule.channels')}
        chosen={draft.channels}
        onChange={(channels) => set({ channels })}
      />
      <Check label={t('alerts.rule.escalate')} checked={draft.escalates} onChange={(escalates) => set({ escalates })} />
      {draft.escalates && (
        <div className="space-y-4 border-l-2 border-line pl-4">
          <NumberField
            label={t('alerts.rule.escalate.after')}
            value={draft.after}
            wrong={faults.has('after')}
            onChange={(after) => set({ after })}
          />
          <ChannelChecks
            label={t('alerts.rule.escalate.channels')}
            chosen={draft.afterChannels}
            onChange={(afterChannels) => set({ afterChannels })}
          />
        </div>
      )}
    </>
  )
}
