import { z } from 'zod'
import type { pinChange } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { lineDiff } from '../../ui/line-diff.ts'
import { FindingList } from './server-findings.tsx'

type PinChange = z.output<typeof pinChange>
const described = z.object({ description: z.string().min(1) })

/** What changed since the person accepted it, before and after; accepts exactly what is shown. */
export function ReviewDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const reading = useReading((from) => from.servers.review({ name: name as ServerName }), name)
  const pins = (reading.value?.changes ?? []).flatMap((change) =>
    change.pin ? [{ name: change.name, pin: change.pin }] : [],
  )
  const allNew = reading.value?.changes.every((change) => change.status === 'new') ?? false
  const accept = async () => {
    if (await run(() => api.servers.accept({ name: name as ServerName, pins }), t('servers.review.accepted'))) onClose()
  }
  return (
    <Dialog
      wide
      title={t(allNew ? 'servers.review.title.new' : 'servers.review.title', { server: name })}
      description={t('servers.review.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('servers.review.later')}
          </Button>
          <Button look="primary" disabled={busy || pins.length === 0} onClick={() => void accept()}>
            {t('servers.review.accept', { count: pins.length })}
          </Button>
        </>
      }
    >
      <ReadingView reading={reading}>
        {({ changes }) => (
          <div className="space-y-6">
            {changes.length === 0 && <p className="text-sm text-muted">{t('servers.review.none')}</p>}
            {changes.map((change) => (
              <ChangeView key={`${change.kind} ${change.name}`} change={change} />
            ))}
          </div>
        )}
      </ReadingView>
    </Dialog>
  )
}

function ChangeView({ change }: { change: PinChange }) {
  const { t } = useWords()
  return (
    <section aria-label={change.name}>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <code className="font-mono text-sm font-medium break-all">
          <ExactText text={change.name} />
        </code>
        <Badge>{t(`entry.${change.kind}`)}</Badge>
        <Badge tone={change.status === 'removed' ? 'plain' : 'warn'}>{t(`pin.${change.status}`)}</Badge>
      </div>
      {change.findings && (
        <div className="mb-2">
          <FindingList findings={change.findings} title={t('servers.findings.here')} />
        </div>
      )}
      {change.before !== undefined && change.after !== undefined ? (
        <DiffView
          lines={lineDiff(change.before, change.after)}
          label={t('servers.review.diff', { name: change.name })}
        />
      ) : (
        <Definition name={change.name} kind={change.kind} text={change.after ?? change.before ?? ''} />
      )}
    </section>
  )
}

/** What an app would read first, and the whole definition below it. */
function Definition({ name, kind, text }: { name: string; kind: PinChange['kind']; text: string }) {
  const { t } = useWords()
  const description = kind === 'instructions' ? undefined : descriptionIn(text)
  const whole = <ExactBlock text={text} label={name} />
  if (!description) return whole
  return (
    <>
      <p className="text-sm break-words whitespace-pre-wrap">
        <ExactText text={description} />
      </p>
      <details className="mt-1.5">
        <summary className="cursor-pointer text-xs text-muted">{t('servers.review.definition')}</summary>
        <div className="mt-1.5">{whole}</div>
      </details>
    </>
  )
}

function descriptionIn(definition: string): string | undefined {
  try {
    return described.parse(JSON.parse(definition)).description
  } catch {
    return undefined
  }
}
