import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { embedderName } from './memory-overview.tsx'
import type { Overview, Workspace } from './memory-types.ts'

interface EmbeddingProgressProps {
  readonly workspace: Workspace
  readonly overview: Overview
  readonly onCancelled: () => void
}

/** While vectors are made anew: how far that is, and a way to stay with the present ones. */
export function EmbeddingProgress({ workspace, overview, onCancelled }: EmbeddingProgressProps) {
  const { t, language } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const told = useMirror((mirror) => mirror.embedding[workspace])
  const { embedding } = overview
  if (!embedding) return null
  const { done, total } = told?.embedder === embedding.name ? told : embedding
  const name = embedderName(embedding.name, t('memory.embedder.builtIn'))
  const number = new Intl.NumberFormat(language)
  const cancel = () =>
    void run(() => api.memory.cancelEmbedding({ workspace }), t('memory.embedding.cancelled')).then(onCancelled)
  return (
    <div className="flex flex-wrap items-center gap-4 rounded-xl border border-line bg-sunken px-5 py-3 text-sm">
      <div className="min-w-52 flex-1">
        <p role="status">{t('memory.embedding', { name, done: number.format(done), total: number.format(total) })}</p>
        <progress
          aria-label={t('memory.embedding.label')}
          value={done}
          max={Math.max(1, total)}
          className="mt-1.5 block h-1.5 w-full accent-accent"
        />
      </div>
      <Button size="small" disabled={busy} onClick={cancel}>
        {t('memory.embedding.cancel')}
      </Button>
    </div>
  )
}
