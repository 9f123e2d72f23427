import { alertOperators } from '../../../shared/domain/alerts.ts'
import { useWords } from '../../app/words.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { NumberField } from './number-field.tsx'
import { aggregationsOf, type DraftFault, type Metric, type RuleDraft, withMetric } from './rule-draft.ts'

interface FigureFieldsProps {
  readonly draft: RuleDraft
  readonly metrics: readonly Metric[]
  readonly faults: ReadonlySet<DraftFault>
  readonly onChange: (draft: RuleDraft) => void
}

/** Which figure, of what, over how long, and when it is too much. */
export function FigureFields({ draft, metrics, faults, onChange }: FigureFieldsProps) {
  const { t } = useWords()
  const metric = metrics.find(({ name }) => name === draft.metric)
  const set = (part: Partial<RuleDraft>) => onChange({ ...draft, ...part })
  const choose = (name: string) => {
    const next = metrics.find((one) => one.name === name)
    if (next) onChange(withMetric(draft, next))
  }
  const isAnomaly = draft.kind === 'anomaly'
  return (
    <>
      <div className="flex flex-wrap gap-4">
        <Field label={t('alerts.rule.kind')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.kind}
              onChange={({ target }) => {
                const kind = target.value as RuleDraft['kind']
                set({ kind, ...(kind === 'anomaly' && Number(draft.minutes) < 30 ? { minutes: '60' } : {}) })
              }}
            >
              <option value="threshold">{t('alerts.rule.kind.threshold')}</option>
              <option value="anomaly">{t('alerts.rule.kind.anomaly')}</option>
            </Select>
          )}
        </Field>
        <Field label={t('alerts.rule.metric')} hint={metric?.help}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.metric}
              className="max-w-full"
              onChange={(event) => choose(event.target.value)}
            >
              {metrics.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
              {!metric && <option value={draft.metric}>{draft.metric}</option>}
            </Select>
          )}
        </Field>
      </div>
      <LabelFields draft={draft} metric={metric} onChange={onChange} />
      <div className="flex flex-wrap gap-4">
        <Field label={t('alerts.rule.aggregation')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.aggregation}
              onChange={(event) => set({ aggregation: event.target.value as RuleDraft['aggregation'] })}
            >
              {aggregationsOf(metric).map((one) => (
                <option key={one} value={one}>
                  {t(`alerts.aggregation.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('alerts.rule.operator')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.operator}
              onChange={(event) => set({ operator: event.target.value as RuleDraft['operator'] })}
            >
              {alertOperators.map((operator) => (
                <option key={operator} value={operator}>
                  {t(`alerts.operator.${operator}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <NumberField
          label={t('alerts.rule.threshold')}
          hint={t('alerts.rule.threshold.unit')}
          value={draft.threshold}
          wrong={faults.has('threshold')}
          onChange={(threshold) => set({ threshold })}
        />
        <NumberField
          label={t('alerts.rule.minutes')}
          {...minutesHint(t, isAnomaly, metric)}
          value={draft.minutes}
          wrong={faults.has('minutes')}
          onChange={(minutes) => set({ minutes })}
        />
        {isAnomaly && (
          <NumberField
            label={t('alerts.rule.sensitivity')}
            hint={t('alerts.rule.sensitivity.hint')}
            value={draft.sensitivity}
            wrong={faults.has('sensitivity')}
            onChange={(sensitivity) => set({ sensitivity })}
          />
        )}
        {(metric?.type === 'histogram' || metric?.type === 'rate') && (
          <NumberField
            label={t('alerts.rule.leastCalls')}
            value={draft.leastCalls}
            wrong={faults.has('leastCalls')}
            onChange={(leastCalls) => set({ leastCalls })}
          />
        )}
      </div>
    </>
  )
}

function minutesHint(t: ReturnType<typeof useWords>['t'], isAnomaly: boolean, metric: Metric | undefined) {
  if (isAnomaly) return { hint: t('alerts.rule.minutes.anomaly') }
  return metric?.type === 'gauge' ? { hint: t('alerts.rule.minutes.now') } : {}
}

/** A cause for each value of a label, and only where a label has one value. */
function LabelFields({
  draft,
  metric,
  onChange,
}: Pick<FigureFieldsProps, 'draft' | 'onChange'> & { metric: Metric | undefined }) {
  const { t } = useWords()
  const labels = metric?.labels ?? []
  const names = [...new Set([...labels.map(({ name }) => name), draft.by, draft.label].filter(Boolean))]
  const values = labels.find(({ name }) => name === draft.label)?.values ?? []
  const set = (part: Partial<RuleDraft>) => onChange({ ...draft, ...part })
  const options = names.map((name) => (
    <option key={name} value={name}>
      {name}
    </option>
  ))
  return (
    <div className="flex flex-wrap gap-4">
      <Field label={t('alerts.rule.by')}>
        {(ids) => (
          <Select {...ids} value={draft.by} onChange={(event) => set({ by: event.target.value })}>
            <option value="">{t('alerts.rule.by.none')}</option>
            {options}
          </Select>
        )}
      </Field>
      <Field label={t('alerts.rule.where')}>
        {(ids) => (
          <Select
            {...ids}
            value={draft.label}
            onChange={({ target: { value } }) => {
              const [first = ''] = labels.find(({ name }) => name === value)?.values ?? []
              set({ label: value, labelValue: first })
            }}
          >
            <option value="">{t('alerts.rule.where.any')}</option>
            {options}
          </Select>
        )}
      </Field>
      {draft.label !== '' && (
        <Field label={t('alerts.rule.where.value')}>
          {(ids) => (
            <>
              <Input
                {...ids}
                list={`${ids.id}-values`}
                value={draft.labelValue}
                maxLength={200}
                onChange={(event) => set({ labelValue: event.target.value })}
              />
              <datalist id={`${ids.id}-values`}>
                {values.map((value) => (
                  <option key={value} value={value} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      )}
    </div>
  )
}
