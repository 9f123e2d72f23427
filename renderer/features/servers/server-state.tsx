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

export function ServerState({ state }: { state: ServerSummary['state'] }) {
  const { t } = useWords()
  return (
    <Dot tone={tones[state]} busy={state === 'installing' || state === 'starting' || state === 'backing-off'}>
      {t(`server.${state}`)}
    </Dot>
  )
}
