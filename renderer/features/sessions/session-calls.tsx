import { ListTree } from 'lucide-react'
import { useState } from 'react'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { AuditDetail } from '../audit/audit-detail.tsx'
import { Decision } from '../audit/audit-table.tsx'
import type { AuditEntry } from '../audit/live-entries.ts'
import type { Session } from './session-state.tsx'

const pageSize = 100

/** A session's calls as the audit log has them, the newest first; the longer the bar, the longer the call took. */
export function SessionCalls({ session }: { session: Session }) {
  const ofSession = { session: session.id, category: 'tool_execution', limit: pageSize } as const
  const reading = useReading((api) => api.audit.list(ofSession), `${session.id} ${session.calls}`)
  return (
    <ReadingView reading={reading}>
      {({ entries }) => <Calls key={entries[0]?.seq ?? 0} first={entries} read={ofSession} />}
    </ReadingView>
  )
}

interface CallsProps {
  readonly first: readonly AuditEntry[]
  readonly read: { readonly session: string; readonly category: 'tool_execution'; readonly limit: number }
}

function Calls({ first, read }: CallsProps) {
  const { t, when, duration } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [older, setOlder] = useState<readonly AuditEntry[]>([])
  const [done, setDone] = useState(first.length < pageSize)
  const [shown, setShown] = useState<AuditEntry>()
  const entries = [...first, ...older]
  const last = entries.at(-1)
  const calls = entries.filter(({ action }) => action !== 'intent') // its outcome is the same call
  if (!last || calls.length === 0) {
    return (
      <Empty icon={<ListTree />} title={t('sessions.calls.none.title')}>
        {t('sessions.calls.none.text')}
      </Empty>
    )
  }
  const readOlder = () =>
    void run(async () => {
      const { entries: found } = await api.audit.list({ ...read, before: last.seq })
      setOlder([...older, ...found])
      setDone(found.length < pageSize)
    })
  const longest = Math.max(1, ...calls.map(({ durationMs = 0 }) => durationMs))
  return (
    <>
      <ol aria-label={t('sessions.tab.calls')} className="border-l border-line">
        {calls.map((call) => (
          <li key={call.seq} className="relative py-2.5 pl-5">
            <span aria-hidden="true" className="absolute top-4.5 -left-1 size-2 rounded-full bg-edge" />
            <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
              <button
                type="button"
                onClick={() => setShown(call)}
                className="min-w-0 text-left text-sm font-medium break-words hover:text-accent hover:underline hover:underline-offset-4"
              >
                <ExactText text={call.tool ?? call.summary} />
              </button>
              <Decision decision={call.decision} />
            </div>
            <p className="mt-0.5 text-xs text-muted tabular-nums">
              {when(call.time)}
              {call.durationMs !== undefined && ` · ${duration(call.durationMs)}`}
            </p>
            {call.durationMs !== undefined && (
              <span
                aria-hidden="true"
                className="mt-1.5 block h-1 rounded-full bg-accent/50"
                style={{ width: `${share(call.durationMs, longest)}%` }}
              />
            )}
          </li>
        ))}
      </ol>
      {!done && (
        <Button size="small" className="mt-4" disabled={busy} onClick={readOlder}>
          {t('audit.older')}
        </Button>
      )}
      {shown && <AuditDetail entry={shown} onClose={() => setShown(undefined)} />}
    </>
  )
}

/** Logarithmic: a call of a millisecond stays visible beside one that waited a minute for the person. */
const share = (ms: number, longest: number): number => 2 + (98 * Math.log1p(ms)) / Math.log1p(longest)
