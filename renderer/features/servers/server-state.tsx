import type { ServerSummary } from '../../app/store.ts'
import { useWords } from '../../app/words.tsx'
import { Dot } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/ui.ts'

const tones: Record<ServerSummary['state'], Tone> = {
  disabled: 'plain',
  idle: 'ok',
  installing: 'accent',
  starting: 'accent',
  running: 'ok',
  'backing-off': 'warn',
  failed: 'danger',
}

export function ServerState({ state, signIn }: Pick<ServerSummary, 'state' | 'signIn'>) {
  const { t } = useWords()
  if (signIn === 'sign-in' && state !== 'disabled') return <Dot tone="warn">{t('signIn.state.needed')}</Dot>
  return (
    <Dot tone={tones[state]} busy={state === 'installing' || state === 'starting' || state === 'backing-off'}>
      {t(`server.${state}`)}
    </Dot>
  )
}
