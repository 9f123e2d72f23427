import { OctagonAlert, ShieldAlert, ShieldCheck, Siren } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Question } from '../../../shared/contract/approvals.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/ui.ts'

type Risk = Question['risk']
export const riskTones: Record<Risk, Tone> = { low: 'ok', medium: 'warn', high: 'danger', critical: 'danger' }
const icons: Record<Risk, ReactNode> = {
  low: <ShieldCheck aria-hidden="true" className="size-3.5" />,
  medium: <ShieldAlert aria-hidden="true" className="size-3.5" />,
  high: <OctagonAlert aria-hidden="true" className="size-3.5" />,
  critical: <Siren aria-hidden="true" className="size-3.5" />,
}

export function RiskBadge({ risk }: { risk: Risk }) {
  const { t } = useWords()
  return (
    <Badge tone={riskTones[risk]} icon={icons[risk]}>
      {t(`risk.${risk}`)}
    </Badge>
  )
}
