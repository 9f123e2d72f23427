import type { CellUpdate } from '../../../shared/contract/cells.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { CellChanges, Lines } from './cell-changes.tsx'
import { CellSteps } from './cell-steps.tsx'

/** Fetches the newer version of a server, shows what is other in it, and uses exactly that once the person agrees. */
export function CellUpdateDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const server = name as ServerName
  const reading = useReading((from) => from.cells.fetchUpdate({ name: server }), name)
  const update = reading.value
  const take = async ({ checksum, latest }: CellUpdate, acceptFindings: boolean) => {
    const work = () => api.cells.takeUpdate({ name: server, checksum, acceptFindings })
    if (await run(work, t('cell.update.taken', { server: name, latest }))) onClose()
    else reading.again()
  }
  const isGrave = update !== undefined && failedStep(update) === 'analysis'
  return (
    <Dialog
      wide
      title={t('cell.update.title', { server: name })}
      description={t('cell.update.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cell.update.later')}
          </Button>
          <Button
            look={isGrave ? 'danger' : 'primary'}
            disabled={busy || update === undefined || failedStep(update) === 'other'}
            onClick={() => void (update && take(update, isGrave))}
          >
            {isGrave ? t('cell.update.anyway') : t('cell.update.take')}
          </Button>
        </>
      }
    >
      <ReadingView reading={reading}>{(fetched) => <Fetched update={fetched} />}</ReadingView>
    </Dialog>
  )
}

function failedStep({ report }: CellUpdate): 'analysis' | 'other' | undefined {
  const failed = report.filter(({ outcome }) => outcome === 'failed')
  if (failed.length === 0) return undefined
  return failed.every(({ step }) => step === 'analysis') ? 'analysis' : 'other'
}

function Fetched({ update }: { update: CellUpdate }) {
  const { t } = useWords()
  const { packages, scripts } = update
  const kinds = ['changed', 'added', 'removed'] as const
  const lines = kinds.flatMap((kind) => packages[kind].map((line) => [t(`cell.review.${kind}`), line] as const))
  return (
    <div className="space-y-5">
      {failedStep(update) === 'analysis' && (
        <Notice tone="danger" alert>
          {t('cell.grave')}
        </Notice>
      )}
      <CellSteps report={update.report} />
      <Lines title={t('cell.update.packages')} lines={lines} />
      <Lines title={t('cell.update.scripts')} lines={scripts.map((line) => ['', line] as const)} />
      <CellChanges review={update} />
    </div>
  )
}
