import type { EpochMs } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { go, routeTo } from '../../app/route.ts'
import { useWords, type Words } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { LabelBadges } from './label-badges.tsx'
import type { Provenance } from './memory-types.ts'

const persons = ['window', 'cli', 'gatehouse'] as const

/** Who it was, in words: an app by its name, the person by where they wrote. */
export function writerOf({ client, clientName }: Provenance, t: Words['t']): string {
  const own = persons.find((one) => one === client)
  return own ? t(`memory.by.${own}`) : clientName
}

interface ProvenanceLineProps {
  readonly by: Provenance
  readonly at: number
  /** Names what it is of, for the links. */
  readonly of: string
  readonly withLabels?: boolean
}

/** Who brought it and when, with the ways to the session and to the entry of the log. */
export function ProvenanceLine({ by, at, of, withLabels = false }: ProvenanceLineProps) {
  const { t, when } = useWords()
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-muted">
      <span>
        <ExactText text={writerOf(by, t)} /> · {when(at)}
      </span>
      {by.session && (
        <a
          href={routeTo('sessions', by.session)}
          aria-label={t('memory.by.session.label', { of })}
          className="text-accent underline underline-offset-4"
        >
          {t('column.session')}
        </a>
      )}
      {by.call && <EntryLink by={by} at={at} of={of} />}
      {withLabels && <LabelBadges labels={by.labels} />}
    </span>
  )
}

function EntryLink({ by, at, of }: ProvenanceLineProps) {
  const { t } = useWords()
  const api = useApi()
  const toast = useMirror((mirror) => mirror.toast)
  const { busy, run } = useAction()
  const open = () =>
    void run(async () => {
      const { session, call } = by
      const known = session !== undefined && call !== undefined
      const { seq } = known ? await api.audit.ofCall({ session, call, at: at as EpochMs }) : {}
      if (seq === undefined) toast('info', t('link.gone'))
      else go('audit', String(seq))
    })
  return (
    <button
      type="button"
      disabled={busy}
      aria-label={t('memory.by.entry.label', { of })}
      onClick={open}
      className="text-accent underline underline-offset-4"
    >
      {t('memory.by.entry')}
    </button>
  )
}
