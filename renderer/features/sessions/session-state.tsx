import type { z } from 'zod'
import type { session } from '../../../shared/contract/sessions.ts'
import { useWords } from '../../app/words.tsx'
import { Dot } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/ui.ts'

export type Session = z.output<typeof session>

const tones: Record<Session['state'], Tone> = {
  initializing: 'accent',
  active: 'ok',
  idle: 'plain',
  suspended: 'warn',
  expired: 'plain',
  terminated: 'plain',
  error: 'danger',
}

export const isOver = ({ state }: Session): boolean =>
  state === 'expired' || state === 'terminated' || state === 'error'

export function SessionState({ session: { state } }: { session: Session }) {
  const { t } = useWords()
  return <Dot tone={tones[state]}>{t(`session.${state}`)}</Dot>
}
