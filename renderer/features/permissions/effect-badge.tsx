import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/ui.ts'

export type Effect = 'allow' | 'ask' | 'deny'
const tones: Record<Effect, Tone> = { allow: 'ok', ask: 'warn', deny: 'danger' }

export function EffectBadge({ effect }: { effect: Effect }) {
  const { t } = useWords()
  return <Badge tone={tones[effect]}>{t(`effect.${effect}`)}</Badge>
}
