import { RotateCw } from 'lucide-react'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactBlock } from '../../ui/exact-text.tsx'

/** The last lines the server wrote to its error stream. */
export function ServerLogs({ name }: { name: string }) {
  const { t } = useWords()
  const reading = useReading((api) => api.servers.logs({ name: name as ServerName, lines: 300 }), name)
  return (
    <ReadingView reading={reading}>
      {({ lines }) => (
        <div className="space-y-3">
          {lines.length === 0 ? (
            <p className="text-sm text-muted">{t('servers.logs.none')}</p>
          ) : (
            <ExactBlock text={lines.join('\n')} label={t('servers.tab.logs')} className="max-h-[60vh]" />
          )}
          <Button size="small" icon={<RotateCw aria-hidden="true" className="size-3.5" />} onClick={reading.again}>
            {t('readAgain')}
          </Button>
        </div>
      )}
    </ReadingView>
  )
}
