import type { z } from 'zod'
import type { remotePlan } from '../../../shared/contract/remote.ts'
import { useWords } from '../../app/words.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'

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
      <div>
        <h3 className="mb-1 text-sm font-semibold">{t('remote.plan.url')}</h3>
        <ExactBlock text={plan.url} label={t('remote.plan.url')} />
        <p className="mt-1 text-xs break-all text-muted">
          {t('remote.plan.host')}{' '}
          <span className="font-mono">
            <ExactText text={`${plan.host}: ${plan.addresses.join(', ') || t('remote.plan.nowhere')}`} />
          </span>
        </p>
      </div>
      <div>
        <h3 className="mb-1 text-sm font-semibold">{t('remote.plan.mayGo')}</h3>
        <ul className="list-disc space-y-1 pl-5 text-sm">
          {plan.mayGo.map((sentence) => (
            <li key={sentence} className="break-words">
              <ExactText text={sentence} />
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h3 className="mb-1 text-sm font-semibold">{t('remote.plan.headers')}</h3>
        <p className="font-mono text-xs break-words">{plan.headerNames.join(', ') || t('none')}</p>
      </div>
    </div>
  )
}
