import type { z } from 'zod'
import type { remotePlan } from '../../../shared/contract/remote.ts'
import { useWords } from '../../app/words.tsx'
import { ExactBlock } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlanNames, PlanNote, PlanPart, PlanSentences } from './plan-parts.tsx'

/** Where it leads and what may go there, in full. */
export function RemotePlanView({ plan }: { plan: z.output<typeof remotePlan> }) {
  const { t } = useWords()
  return (
    <div className="space-y-5">
      {plan.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      <PlanPart title={t('remote.plan.url')}>
        <ExactBlock text={plan.url} label={t('remote.plan.url')} />
        <PlanNote
          label={t('remote.plan.host')}
          text={`${plan.host}: ${plan.addresses.join(', ') || t('remote.plan.nowhere')}`}
        />
      </PlanPart>
      <PlanSentences title={t('remote.plan.mayGo')} sentences={plan.mayGo} />
      <PlanNames title={t('remote.plan.headers')} names={plan.headerNames} />
    </div>
  )
}
