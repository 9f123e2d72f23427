import { useState } from 'react'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { BackupList } from './backup-list.tsx'
import { RecoveryPassphrase } from './recovery-passphrase.tsx'
import { RestoreDialog } from './restore-dialog.tsx'

/** The recovery passphrase, the backups there are, and the ways to make one and to bring one back. */
export function BackupsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const reading = useReading((api) => api.backup.list(), 'backups')
  const [restoring, setRestoring] = useState<string>()
  if (restoring !== undefined) return <RestoreDialog file={restoring} onClose={() => setRestoring(undefined)} />
  return (
    <Dialog wide title={t('backups.title')} description={t('backups.text')} closeLabel={t('close')} onClose={onClose}>
      <ReadingView reading={reading}>
        {({ passphraseSet, backups }) => (
          <div className="space-y-8">
            <RecoveryPassphrase isSet={passphraseSet} onChanged={reading.again} />
            <BackupList backups={backups} canMake={passphraseSet} onMade={reading.again} onRestore={setRestoring} />
          </div>
        )}
      </ReadingView>
    </Dialog>
  )
}
