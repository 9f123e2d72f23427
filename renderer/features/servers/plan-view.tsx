import type { z } from 'zod'
import type { serverPlan } from '../../../shared/contract/servers.ts'
import { useWords } from '../../app/words.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
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
      <div>
        <h3 className="mb-1 text-sm font-semibold">{t('servers.plan.command')}</h3>
        <ExactBlock text={plan.command} label={t('servers.plan.command')} />
        {plan.resolvedExecutable && (
          <p className="mt-1 text-xs break-all text-muted">
            {t('servers.plan.executable')}{' '}
            <span className="font-mono">
              <ExactText text={plan.resolvedExecutable} />
            </span>
          </p>
        )}
      </div>
      <div>
        <h3 className="mb-1 text-sm font-semibold">{t('servers.plan.sandbox')}</h3>
        <SandboxBadge level={plan.sandbox} />{' '}
        <span className="text-sm text-muted">{t(`sandbox.${plan.sandbox}.text`)}</span>
      </div>
      <div>
        <h3 className="mb-1 text-sm font-semibold">{t('servers.touch')}</h3>
        <ul className="list-disc space-y-1 pl-5 text-sm">
          {plan.mayTouch.map((sentence) => (
            <li key={sentence} className="break-words">
              <ExactText text={sentence} />
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h3 className="mb-1 text-sm font-semibold">{t('servers.plan.environment')}</h3>
        <p className="font-mono text-xs break-words">{plan.environmentNames.join(', ') || t('none')}</p>
      </div>
    </div>
  )
}
