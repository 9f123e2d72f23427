import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AppList } from '../clients/app-list.tsx'
import { ConnectSnippet } from '../clients/connect-snippet.tsx'
import { StepFrame } from './step-frame.tsx'

/** The AI apps found here, each connected by a click; any other by what to paste, which asks the pairing question by itself. */
export function ConnectStep({ onBack, onDone }: { onBack: () => void; onDone: () => void }) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.clients)
  const { value } = useReading((api) => api.clients.list(), revision)
  const { value: here } = useReading((api) => api.apps.detect(), 'first-run')
  const paired = value?.clients.find((client) => client.state === 'paired')
  const found = here?.apps.some((app) => app.found)
  return (
    <StepFrame
      title={t('first.connect.title')}
      text={t(found ? 'first.connect.text' : 'connect.text')}
      onBack={onBack}
      next={
        <Button look={paired ? 'primary' : 'plain'} size="large" onClick={onDone}>
          {paired ? t('next') : t('first.connect.later')}
        </Button>
      }
    >
      {found && <AppList none={t('apps.none')} />}
      {found ? <ByHand /> : <ConnectSnippet />}
      <Progress paired={paired?.name} quiet={found === true} />
    </StepFrame>
  )
}

function ByHand() {
  const { t } = useWords()
  return (
    <details className="mt-5">
      <summary className="cursor-pointer text-sm font-medium">{t('first.connect.other')}</summary>
      <div className="mt-4">
        <p className="mb-4 max-w-[60ch] text-sm text-muted">{t('connect.text')}</p>
        <ConnectSnippet />
      </div>
    </details>
  )
}

/** Whether an app has come; with apps to click on, nobody has to be told that none has yet. */
function Progress({ paired, quiet }: { paired: string | undefined; quiet: boolean }) {
  const { t } = useWords()
  const pairing = useMirror((mirror) => mirror.questions.some((question) => question.subject.kind === 'pair'))
  return (
    <div role="status" className="mt-5">
      {paired ? (
        <Notice tone="ok">{t('first.connect.done', { client: paired })}</Notice>
      ) : pairing ? (
        <Notice tone="accent">{t('first.connect.asked')}</Notice>
      ) : (
        !quiet && <Notice tone="accent">{t('first.connect.waiting')}</Notice>
      )}
    </div>
  )
}
