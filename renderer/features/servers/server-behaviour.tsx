import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords, type Words } from '../../app/words.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { saidFigure } from './said-figure.ts'

type Figure = Awaited<ReturnType<GatehouseApi['health']['behaviour']>>['figures'][number]

/** What is usual for a server, as far as was seen: it is measured by it. */
export function ServerBehaviour({ server }: { server: ServerDetail }) {
  const words = useWords()
  const { t } = words
  const reading = useReading(
    (api) => api.health.behaviour({ server: server.name as ServerName }),
    `${server.name} ${server.state}`,
  )
  return (
    <ReadingView reading={reading}>
      {({ figures }) => {
        const seen = figures.filter(({ samples }) => samples > 0)
        return (
          <div className="space-y-2">
            <p className="text-sm text-muted">{t(seen.length === 0 ? 'servers.usual.none' : 'servers.usual.text')}</p>
            {seen.length > 0 && (
              <Table label={t('servers.usual')} columns={columnsIn(words)} rows={seen} rowKey={({ name }) => name} />
            )}
          </div>
        )
      }}
    </ReadingView>
  )
}

const columnsIn = (words: Words): readonly Column<Figure>[] => [
  { id: 'figure', title: words.t('servers.usual.figure'), cell: ({ name }) => nameOf(name, words) },
  {
    id: 'high',
    title: words.t('servers.usual.high'),
    cell: ({ name, high }) => saidFigure(name, high, words),
    className: 'text-right whitespace-nowrap tabular-nums',
  },
  {
    id: 'samples',
    title: words.t('servers.usual.samples'),
    cell: ({ samples }) => new Intl.NumberFormat(words.language).format(samples),
    className: 'text-right whitespace-nowrap text-muted tabular-nums',
  },
]

const names = {
  'processor use': 'servers.usual.processor',
  memory: 'servers.usual.memory',
  'disk reads': 'servers.usual.reads',
  'disk writes': 'servers.usual.writes',
  processes: 'servers.usual.processes',
  'answer times': 'servers.usual.answers',
  'size of answers': 'servers.usual.sizes',
} as const

/** One the window has no words for is shown as main names it. */
function nameOf(name: string, { t }: Words): string {
  const known = Object.entries(names).find(([one]) => one === name)?.[1]
  return known ? t(known) : name
}
