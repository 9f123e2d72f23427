import { useWords } from '../../app/words.tsx'
import { Check, Field, Input } from '../../ui/field.tsx'
import { WorkspaceSelect } from './catalog-fields.tsx'
import { actions, hoursFault, type RuleForm, toggled, weekdays } from './rule-form.ts'

interface ConditionFieldsProps {
  readonly form: RuleForm
  readonly onChange: (change: Partial<RuleForm>) => void
}

/** What else must hold for a rule, folded away: most rules need none of it. */
export function ConditionFields({ form, onChange }: ConditionFieldsProps) {
  const { t } = useWords()
  const fault = hoursFault(form)
  return (
    <details className="rounded-lg border border-line px-4 py-3">
      <summary className="cursor-pointer text-sm font-medium">{t('rule.more')}</summary>
      <div className="mt-4 space-y-5">
        <WorkspaceSelect workspace={form.workspace} onChange={(workspace) => onChange({ workspace })} />
        <Field label={t('rule.hosts')} hint={t('rule.hosts.hint')}>
          {(ids) => (
            <Input
              {...ids}
              value={form.hosts}
              onChange={(event) => onChange({ hosts: event.target.value })}
              className="w-full font-mono"
            />
          )}
        </Field>
        <Field label={t('rule.labels')} hint={t('rule.labels.hint')}>
          {(ids) => (
            <Input
              {...ids}
              value={form.labels}
              onChange={(event) => onChange({ labels: event.target.value })}
              className="w-full font-mono"
            />
          )}
        </Field>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{t('rule.actions')}</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {actions.map((action) => (
              <Check
                key={action}
                label={t(`rule.action.${action}`)}
                checked={form.actions.includes(action)}
                onChange={() => onChange({ actions: toggled(form.actions, action) })}
              />
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{t('rule.hours')}</legend>
          <div className="flex flex-wrap gap-4">
            <Field label={t('rule.from')}>
              {(ids) => (
                <Input
                  {...ids}
                  type="time"
                  value={form.from}
                  onChange={(event) => onChange({ from: event.target.value })}
                />
              )}
            </Field>
            <Field label={t('rule.to')}>
              {(ids) => (
                <Input
                  {...ids}
                  type="time"
                  value={form.to}
                  onChange={(event) => onChange({ to: event.target.value })}
                />
              )}
            </Field>
          </div>
          {fault !== undefined && (
            <p role="alert" className="mt-2 text-sm text-danger">
              {t(fault)}
            </p>
          )}
        </fieldset>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{t('rule.days')}</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {weekdays.map((day) => (
              <Check
                key={day}
                label={t(`rule.day.${day}`)}
                checked={form.days.includes(day)}
                onChange={() => onChange({ days: toggled(form.days, day) })}
              />
            ))}
          </div>
        </fieldset>
        {form.effect === 'allow' && (
          <Field label={t('rule.calls')} hint={t('rule.calls.hint')}>
            {(ids) => (
              <Input
                {...ids}
                type="number"
                min={1}
                value={form.calls}
                onChange={(event) => onChange({ calls: event.target.value })}
              />
            )}
          </Field>
        )}
      </div>
    </details>
  )
}
