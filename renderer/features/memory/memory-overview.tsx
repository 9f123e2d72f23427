import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Notice } from '../../ui/notice.tsx'
import { EmbeddingProgress } from './embedding-progress.tsx'
import type { Overview, Workspace } from './memory-types.ts'

/** How much there is, what compares it, and how far new vectors are. */
export function MemoryOverview({ workspace }: { workspace: Workspace }) {
  const revision = useMirror((mirror) => mirror.revision.memory)
  const reading = useReading((api) => api.memory.overview({ workspace }), `${workspace} ${revision}`)
  return (
    <ReadingView reading={reading}>
      {(overview) => (
        <div className="mb-6 space-y-3">
          <Figures overview={overview} />
          <EmbeddingProgress workspace={workspace} overview={overview} onCancelled={reading.again} />
        </div>
      )}
    </ReadingView>
  )
}

function Figures({ overview }: { overview: Overview }) {
  const { t, language } = useWords()
  const number = new Intl.NumberFormat(language)
  const { vectorIndex, embedder } = overview
  const counts = [
    ['concepts', number.format(overview.concepts)],
    ['relations', number.format(overview.relations)],
    ['observations', number.format(overview.observations)],
    ['writes', number.format(overview.writes)],
    ['size', sizeOf(overview.sizeBytes, language)],
  ] as const
  return (
    <>
      <dl
        aria-label={t('memory.overview')}
        className="flex flex-wrap gap-x-8 gap-y-3 rounded-xl border border-line bg-surface px-5 py-4 shadow-card"
      >
        {counts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{t(`memory.count.${name}`)}</dt>
            <dd className="font-serif text-lg font-semibold tabular-nums">{value}</dd>
          </div>
        ))}
        <div className="min-w-0">
          <dt className="text-xs text-muted">{t('memory.embedder')}</dt>
          <dd className="text-sm leading-7 break-all">{embedderName(embedder.name, t('memory.embedder.builtIn'))}</dd>
        </div>
      </dl>
      {vectorIndex.kind === 'scan' && <Notice tone="warn">{t('memory.scan', { problem: vectorIndex.problem })}</Notice>}
    </>
  )
}

function sizeOf(bytes: number, language: string): string {
  const [unit, divisor] = bytes < 1024 * 1024 ? (['kilobyte', 1024] as const) : (['megabyte', 1024 * 1024] as const)
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(bytes / divisor)
}

/** The engine's name of an embedder as a person reads it. */
export const embedderName = (name: string, builtIn: string): string => (name.startsWith('built-in') ? builtIn : name)
