import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ConnectSnippet } from '../clients/connect-snippet.tsx'
import { StepFrame } from './step-frame.tsx'

/** What to paste into the first app; its first connection asks the pairing question by itself. */
export function ConnectStep({ busy, onBack, onDone }: { busy: boolean; onBack: () => void; onDone: () => void }) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.clients)
  const pairing = useMirror((mirror) => mirror.questions.some((question) => question.subject.kind === 'pair'))
  const { value } = useReading((api) => api.clients.list(), revision)
  const paired = value?.clients.find((client) => client.state === 'paired')
  return (
    <StepFrame
      title={t('first.connect.title')}
      text={t('connect.text')}
      onBack={onBack}
      next={
        <Button look={paired ? 'primary' : 'plain'} size="large" disabled={busy} onClick={onDone}>
          {paired ? t('first.finish') : t('first.connect.later')}
        </Button>
      }
    >
      <ConnectSnippet />
      <div role="status" className="mt-5">
        {paired ? (
          <Notice tone="ok">{t('first.connect.done', { client: paired.name })}</Notice>
        ) : (
          <Notice tone="accent">{pairing ? t('first.connect.asked') : t('first.connect.waiting')}</Notice>
        )}
      </div>
    </StepFrame>
  )
}
