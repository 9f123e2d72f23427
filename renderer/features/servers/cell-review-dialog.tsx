import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CellChanges } from './cell-changes.tsx'

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
      <ReadingView reading={reading}>{(review) => <CellChanges review={review} />}</ReadingView>
    </Dialog>
  )
}
