import type { z } from 'zod'
import type { serverPlan } from '../../../shared/contract/servers.ts'
import { useWords } from '../../app/words.tsx'
import { ExactBlock } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlanNames, PlanNote, PlanPart, PlanSentences } from './plan-parts.tsx'
import { SandboxBadge } from './sandbox-field.tsx'

/** What would run, in full: nothing is cut. */
export function PlanView({ plan }: { plan: z.output<typeof serverPlan> }) {
  const { t } = useWords()
  return (
    <div className="space-y-5">
      {plan.warnings.map((warning) => (
        <Notice key={warning} tone={plan.sandbox === 0 ? 'danger' : 'warn'}>
          {warning}
        </Notice>
      ))}
      <PlanPart title={t('servers.plan.command')}>
        <ExactBlock text={plan.command} label={t('servers.plan.command')} />
        {plan.resolvedExecutable && <PlanNote label={t('servers.plan.executable')} text={plan.resolvedExecutable} />}
      </PlanPart>
      <PlanPart title={t('servers.plan.sandbox')}>
        <SandboxBadge level={plan.sandbox} />{' '}
        <span className="text-sm text-muted">{t(`sandbox.${plan.sandbox}.text`)}</span>
      </PlanPart>
      <PlanSentences title={t('servers.touch')} sentences={plan.mayTouch} />
      <PlanNames title={t('servers.plan.environment')} names={plan.environmentNames} />
    </div>
  )
}
