import { Grid3x3 } from 'lucide-react'
import type { z } from 'zod'
import type { ruleMatrix } from '../../../shared/contract/rules.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Empty } from '../../ui/notice.tsx'
import { MatrixTable } from './matrix-table.tsx'

export type Matrix = z.output<typeof ruleMatrix>
export type Cell = Matrix['servers'][number]['tools'][number]['effects'][number]

export interface MatrixProps {
  /** A cell was chosen: this app, this tool. */
  readonly onPick: (client: string, tool: string) => void
}

/** Who may use what, as the rules judge it: apps beside servers, each server open to its tools. */
export function MatrixView({ onPick }: MatrixProps) {
  const { t } = useWords()
  const rules = useMirror((mirror) => mirror.revision.permissions)
  const clients = useMirror((mirror) => mirror.revision.clients)
  const servers = useMirror((mirror) => mirror.servers?.map(({ name, tools }) => `${name} ${tools}`).join())
  const reading = useReading((api) => api.permissions.matrix(), `${rules} ${clients} ${servers}`)
  return (
    <ReadingView reading={reading}>
      {(matrix) =>
        matrix.clients.length === 0 || matrix.servers.length === 0 ? (
          <Empty icon={<Grid3x3 />} title={t('matrix.none')}>
            {t('matrix.none.text')}
          </Empty>
        ) : (
          <MatrixTable matrix={matrix} onPick={onPick} />
        )
      }
    </ReadingView>
  )
}
