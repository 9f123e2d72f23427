import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { ShownRule } from '../../../shared/contract/alerts.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { severityTones } from './alert-list.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { asGiven } from './rule-draft.ts'
import { useAlertsKey } from './use-alerts-key.ts'

/** Every rule as a sentence, with what can be done to it. */
export function RuleList() {
  const { t } = useWords()
  const revision = useAlertsKey()
  const reading = useReading((api) => api.alerts.rules(), revision)
  const [editing, setEditing] = useState<ShownRule | 'new'>()
  return (
    <Section
      title={t('alerts.rules')}
      hint={t('alerts.rules.hint')}
      actions={
        <Button icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setEditing('new')}>
          {t('alerts.rule.add')}
        </Button>
      }
    >
      <ReadingView reading={reading}>
        {({ rules }) => (
          <>
            <Card>
              <ul aria-label={t('alerts.rules')} className="divide-y divide-line/70">
                {rules.map((rule) => (
                  <RuleRow key={rule.name} rule={rule} onChange={() => setEditing(rule)} />
                ))}
              </ul>
            </Card>
            {editing && (
              <RuleDialog
                rule={editing === 'new' ? undefined : editing}
                taken={rules.map(({ name }) => name)}
                onClose={() => setEditing(undefined)}
              />
            )}
          </>
        )}
      </ReadingView>
    </Section>
  )
}

function RuleRow({ rule, onChange }: { rule: ShownRule; onChange: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { name, enabled, builtIn, changed, severity, sentence } = rule
  const whose = builtIn ? (changed ? 'alerts.rule.changed' : 'alerts.rule.builtIn') : 'alerts.rule.own'
  const turn = enabled ? 'alerts.rule.off' : 'alerts.rule.on'
  const set = (to: ShownRule) => api.alerts.setRule(asGiven(to))
  const remove = () =>
    void run(
      () => api.alerts.removeRule({ name }),
      t('alerts.rule.removed', { name }),
      () => set(rule),
    )
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-5 py-3.5">
      <span className="w-28 shrink-0">
        {enabled ? (
          <Badge tone={severityTones[severity]}>{t(`alerts.severity.${severity}`)}</Badge>
        ) : (
          <Badge>{t('alerts.rule.isOff')}</Badge>
        )}
      </span>
      <div className="min-w-60 flex-1">
        <p className="text-sm break-words">
          <ExactText text={sentence} />
        </p>
        <p className="mt-0.5 text-xs break-words text-muted">
          {name} · {t(whose)} · <Tells rule={rule} />
        </p>
      </div>
      <span className="flex flex-wrap gap-2">
        <Button
          size="small"
          disabled={busy}
          aria-label={t(`${turn}.label`, { name })}
          onClick={() => void run(() => set({ ...rule, enabled: !enabled }), t('saved'))}
        >
          {t(turn)}
        </Button>
        <Button size="small" aria-label={t('alerts.rule.change.label', { name })} onClick={onChange}>
          {t('alerts.rule.change')}
        </Button>
        {builtIn && changed && (
          <Button
            size="small"
            disabled={busy}
            aria-label={t('alerts.rule.reset.label', { name })}
            onClick={() =>
              void run(
                () => api.alerts.removeRule({ name }),
                t('saved'),
                () => set(rule),
              )
            }
          >
            {t('alerts.rule.reset')}
          </Button>
        )}
        {!builtIn && (
          <Button size="small" disabled={busy} aria-label={t('alerts.rule.remove.label', { name })} onClick={remove}>
            {t('remove')}
          </Button>
        )}
      </span>
    </li>
  )
}

function Tells({ rule: { channels, escalation } }: { rule: ShownRule }) {
  const { t } = useWords()
  const tells =
    channels.length === 0 ? t('alerts.rule.tells.nobody') : t('alerts.rule.tells', { channels: channels.join(', ') })
  if (!escalation) return tells
  const further = escalation.channels.length === 0 ? '–' : escalation.channels.join(', ')
  return `${tells}; ${t('alerts.rule.escalates', { minutes: escalation.afterMinutes, channels: further })}`
}
