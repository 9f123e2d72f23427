import type { z } from 'zod'
import type { cellReview } from '../../../shared/contract/cells.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { FindingList } from './server-findings.tsx'

type Review = z.output<typeof cellReview>

/** What changed in a suspended server; uses it again exactly as shown. */
export function CellReviewDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const reading = useReading((from) => from.cells.review({ name: name as ServerName }), name)
  const checksum = reading.value?.checksum
  const reinstate = async (shown: string) => {
    const work = () => api.cells.reinstate({ name: name as ServerName, checksum: shown })
    if (await run(work, t('cell.reinstated', { server: name }))) onClose()
    else reading.again()
  }
  return (
    <Dialog
      wide
      title={t('cell.review.title', { server: name })}
      description={t('cell.review.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('servers.review.later')}
          </Button>
          <Button
            look="danger"
            disabled={busy || checksum === undefined}
            onClick={() => void (checksum !== undefined && reinstate(checksum))}
          >
            {t('cell.reinstate')}
          </Button>
        </>
      }
    >
      <ReadingView reading={reading}>{(review) => <Changes review={review} />}</ReadingView>
    </Dialog>
  )
}

function Changes({ review: { files, permissions, findings } }: { review: Review }) {
  const { t } = useWords()
  const kinds = ['changed', 'added', 'removed'] as const
  const lines = kinds.flatMap((kind) => files[kind].map((path) => [t(`cell.review.${kind}`), path] as const))
  const rights = [
    ...permissions.added.map((line) => ['+', line] as const),
    ...permissions.removed.map((line) => ['−', line] as const),
  ]
  const nothing = lines.length + rights.length === 0
  return (
    <div className="space-y-5">
      {nothing && <p className="text-sm text-muted">{t('cell.review.none')}</p>}
      <Lines title={t('cell.review.files')} lines={lines} />
      <Lines title={t('cell.review.permissions')} lines={rights} />
      <FindingList findings={findings} title={t('cell.findings')} />
    </div>
  )
}

function Lines({ title, lines }: { title: string; lines: readonly (readonly [string, string])[] }) {
  if (lines.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
      <ul className="space-y-1 text-sm">
        {lines.map(([kind, line]) => (
          <li key={`${kind} ${line}`} className="flex gap-2">
            <span className="w-20 shrink-0 text-muted">{kind}</span>
            <code className="min-w-0 font-mono text-xs break-all">
              <ExactText text={line} />
            </code>
          </li>
        ))}
      </ul>
    </section>
  )
}
