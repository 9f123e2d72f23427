import { Archive } from 'lucide-react'
import type { z } from 'zod'
import type { backup } from '../../../shared/contract/backup.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'

type Backup = z.output<typeof backup.list.output>['backups'][number]

interface BackupListProps {
  readonly backups: readonly Backup[]
  readonly canMake: boolean
  readonly onMade: () => void
  /** An empty path: the person has to name the file. */
  readonly onRestore: (file: string) => void
}

export function BackupList({ backups, canMake, onMade, onRestore }: BackupListProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const make = async () => {
    if (await run(() => api.backup.create({}), t('backups.created'))) onMade()
  }
  return (
    <section aria-label={t('backups.made')}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h3 className="text-sm font-semibold">{t('backups.made')}</h3>
        <span className="flex flex-wrap gap-2">
          <Button size="small" onClick={() => onRestore('')}>
            {t('backups.restore.other')}
          </Button>
          <Button
            size="small"
            look="primary"
            disabled={busy || !canMake}
            icon={<Archive aria-hidden="true" className="size-4" />}
            onClick={() => void make()}
          >
            {t('backups.create')}
          </Button>
        </span>
      </div>
      {backups.length === 0 && <p className="text-sm text-muted">{t('backups.none')}</p>}
      <ul className="divide-y divide-line/70">
        {backups.map((one) => (
          <BackupRow key={one.file} backup={one} onRestore={onRestore} />
        ))}
      </ul>
    </section>
  )
}

function BackupRow({ backup: one, onRestore }: { backup: Backup } & Pick<BackupListProps, 'onRestore'>) {
  const { t, date, language } = useWords()
  const kilobytes = new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte' })
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium">
          {date(one.madeAt)}{' '}
          <span className="font-normal text-muted">· {kilobytes.format(Math.ceil(one.sizeBytes / 1024))}</span>
        </p>
        <p className="font-mono text-xs break-all text-muted">
          <ExactText text={one.file} />
        </p>
      </div>
      <Button
        size="small"
        look="danger-quiet"
        aria-label={t('backups.restore.label', { date: date(one.madeAt) })}
        onClick={() => onRestore(one.file)}
      >
        {t('backups.restore')}
      </Button>
    </li>
  )
}
