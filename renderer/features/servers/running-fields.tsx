import {
  type Balance,
  balances,
  type Prewarm,
  prewarmTimes,
  type QuotaKind,
  quotaKinds,
} from '../../../shared/domain/running.ts'
import { useWords, type Word } from '../../app/words.tsx'
import { Check, Field, Input, Select } from '../../ui/field.tsx'
import type { RunningForm } from './running-form.ts'

interface RunningFieldsProps {
  readonly form: RunningForm
  /** Nothing of a remote server is started or uses this computer. */
  readonly remote: boolean
  readonly onChange: (form: RunningForm) => void
}

/** How many processes, how calls are spread over them, when they start and what they may use. */
export function RunningFields({ form, remote, onChange }: RunningFieldsProps) {
  const { t } = useWords()
  const set = (part: Partial<RunningForm>) => onChange({ ...form, ...part })
  return (
    <fieldset className="space-y-4">
      <legend className="mb-1 text-sm font-medium">{t('running.title')}</legend>
      <Check
        checked={form.shared}
        onChange={(shared) => set({ shared })}
        label={t('running.shared')}
        hint={t('running.shared.hint')}
      />
      {form.shared && <PoolFields form={form} set={set} />}
      <Choice
        label={t('running.prewarm')}
        value={form.prewarm}
        values={prewarmTimes}
        wordOf={(one) => `running.prewarm.${one}` as const}
        onChange={(prewarm: Prewarm) => set({ prewarm })}
      />
      {!remote && (
        <Choice
          label={t('running.quota')}
          hint={t('running.quota.hint')}
          value={form.quota}
          values={quotaKinds}
          wordOf={(one) => `running.quota.${one}` as const}
          onChange={(quota: QuotaKind) => set({ quota })}
        />
      )}
    </fieldset>
  )
}

function PoolFields({ form, set }: { form: RunningForm; set: (part: Partial<RunningForm>) => void }) {
  const { t } = useWords()
  const number = (label: Word, value: string, change: (typed: string) => void) => (
    <Field label={t(label)}>
      {(ids) => <Input {...ids} inputMode="numeric" value={value} onChange={(event) => change(event.target.value)} />}
    </Field>
  )
  return (
    <div className="space-y-4">
      <p className="text-sm text-muted">{t('running.pool.hint')}</p>
      <div className="grid grid-cols-3 gap-3">
        {number('running.least', form.least, (least) => set({ least }))}
        {number('running.most', form.most, (most) => set({ most }))}
        {number('running.callsEach', form.callsEach, (callsEach) => set({ callsEach }))}
      </div>
      <Choice
        label={t('running.balance')}
        value={form.balance}
        values={balances}
        wordOf={(one) => `running.balance.${one}` as const}
        onChange={(balance: Balance) => set({ balance })}
      />
    </div>
  )
}

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly hint?: string
  readonly value: T
  readonly values: readonly T[]
  readonly wordOf: (value: T) => Word
  readonly onChange: (value: T) => void
}

function Choice<T extends string>({ label, hint, value, values, wordOf, onChange }: ChoiceProps<T>) {
  const { t } = useWords()
  return (
    <Field label={label} {...(hint ? { hint } : {})}>
      {(ids) => (
        <Select {...ids} value={value} onChange={(event) => onChange(event.target.value as T)}>
          {values.map((one) => (
            <option key={one} value={one}>
              {t(wordOf(one))}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
