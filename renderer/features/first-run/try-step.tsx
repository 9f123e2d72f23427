import { useState } from 'react'
import type { EntryName } from '../../../shared/domain/ids.ts'
import { sentenceOf, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Decision } from '../audit/audit-table.tsx'
import { StepFrame } from './step-frame.tsx'

/** Remembering is asked about, touches no file, and can be forgotten again. */
const trial = {
  name: 'memory__create_entities' as EntryName,
  arguments: { entities: [{ name: 'Gatehouse', entityType: 'program', observations: ['Asks before it acts.'] }] },
}

type Outcome = 'allowed' | 'refused' | { readonly problem: string }

/** One harmless call, to see what a question looks like before it matters, and what the log then says. */
export function TryStep({ busy, onBack, onDone }: { busy: boolean; onBack: () => void; onDone: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const [calling, setCalling] = useState(false)
  const [outcome, setOutcome] = useState<Outcome>()
  const tryIt = async () => {
    setCalling(true)
    try {
      const { isError } = await api.tools.call(trial)
      setOutcome(isError ? { problem: t('failure.unknown') } : 'allowed')
    } catch (failure) {
      const code = (failure as { readonly code?: unknown }).code
      setOutcome(code === 'approvals.denied' ? 'refused' : { problem: sentenceOf(failure, t) })
    } finally {
      setCalling(false)
    }
  }
  const tried = outcome === 'allowed' || outcome === 'refused'
  return (
    <StepFrame
      title={t('first.try.title')}
      text={t('first.try.text')}
      onBack={onBack}
      next={
        <Button look={tried ? 'primary' : 'plain'} size="large" disabled={busy || calling} onClick={onDone}>
          {tried ? t('first.finish') : t('first.try.skip')}
        </Button>
      }
    >
      <Button look={tried ? 'plain' : 'primary'} size="large" disabled={calling} onClick={() => void tryIt()}>
        {t(tried ? 'first.try.again' : 'first.try.do')}
      </Button>
      <div role="status" className="mt-5 space-y-3">
        {calling && <Notice tone="accent">{t('first.try.waiting')}</Notice>}
        {!calling && outcome && <Told outcome={outcome} />}
      </div>
    </StepFrame>
  )
}

function Told({ outcome }: { outcome: Outcome }) {
  const { t } = useWords()
  if (typeof outcome === 'object') return <Notice tone="warn">{outcome.problem}</Notice>
  return (
    <>
      <Notice tone="ok">{t(`first.try.${outcome}`)}</Notice>
      <Recorded />
    </>
  )
}

/** The newest entry of the log about it. */
function Recorded() {
  const { t, when } = useWords()
  const auditSeq = useMirror((mirror) => mirror.auditSeq)
  const { value } = useReading((api) => api.audit.list({ limit: 1, server: 'memory' }), auditSeq ?? 0)
  const entry = value?.entries[0]
  if (!entry) return null
  return (
    <section aria-label={t('first.try.recorded')} className="rounded-xl border border-line px-4 py-3 text-sm">
      <p className="mb-2 font-semibold">{t('first.try.recorded')}</p>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-muted tabular-nums">{when(entry.time)}</span>
        <Decision decision={entry.decision} />
        <span className="min-w-40 flex-1 break-words">
          <ExactText text={entry.summary} />
        </span>
      </p>
    </section>
  )
}
