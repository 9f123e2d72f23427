import { History } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { ruleChange, simulation } from '../../../shared/contract/rules.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'

type Simulation = z.output<typeof simulation>

/** What a change of the rules would have done to the calls of the last week, before it is made. */
export function SimulateButton({ change }: { change: z.input<typeof ruleChange> }) {
  const { t, when } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [answer, setAnswer] = useState<{ readonly of: string; readonly simulation: Simulation }>()
  const key = JSON.stringify(change)
  const simulate = () =>
    void run(async () => setAnswer({ of: key, simulation: await api.permissions.simulate({ change, days: 7 }) }))
  const shown = answer?.of === key ? answer.simulation : undefined
  return (
    <div>
      <Button size="small" disabled={busy} icon={<History aria-hidden="true" className="size-4" />} onClick={simulate}>
        {t('rule.simulate')}
      </Button>
      <p className="mt-1 text-xs text-muted">{t('rule.simulate.text')}</p>
      <div role="status">
        {shown && (
          <div className="mt-2 text-sm">
            <p className="font-medium">{shown.sentence}</p>
            <ul className="mt-1 space-y-0.5 text-xs text-muted">
              {shown.examples.map((one) => (
                <li key={`${one.at} ${one.client} ${one.tool} ${one.after}`}>
                  {when(one.at)} ·{' '}
                  <ExactText
                    text={t('rule.simulate.example', {
                      client: one.client,
                      tool: one.tool,
                      before: t(`effect.${one.before}`),
                      after: t(`effect.${one.after}`),
                    })}
                  />
                </li>
              ))}
            </ul>
            {shown.skipped > 0 && (
              <p className="mt-1 text-xs text-muted">{t('rule.simulate.skipped', { count: shown.skipped })}</p>
            )}
          </div>
        )}
      </div>
    </div>
  )
}
