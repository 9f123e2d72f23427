import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Facts } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import type { Session } from './session-state.tsx'

/** What a session is about, as its app or the person said, and what it recalled from the memory. */
export function SessionContext({ session }: { session: Session }) {
  const { t, date } = useWords()
  const revision = useMirror((mirror) => mirror.revision.sessions)
  const reading = useReading((api) => api.memory.context({ session: session.id }), `${session.id} ${revision}`)
  return (
    <ReadingView reading={reading}>
      {({ context, window: { held } }) => (
        <>
          {context === undefined ? (
            <p className="text-sm text-muted">{t('sessions.context.none')}</p>
          ) : (
            <Facts
              facts={[
                [t('sessions.context.goals'), <Lines key="goals" lines={context.goals} />],
                [t('sessions.context.task'), <ExactText key="task" text={context.task ?? '—'} />],
                [t('sessions.context.tags'), <ExactText key="tags" text={context.tags.join(', ') || '—'} />],
                [t('sessions.context.turn'), context.turn],
                [t('sessions.context.by'), `${context.setBy}, ${date(context.updatedAt)}`],
              ]}
            />
          )}
          <h3 className="mt-4 mb-1 text-sm font-medium">{t('sessions.context.held')}</h3>
          {held.length === 0 ? (
            <p className="text-sm text-muted">{t('sessions.context.nothing')}</p>
          ) : (
            <Lines lines={held.map(({ concept }) => concept.name)} />
          )}
        </>
      )}
    </ReadingView>
  )
}

function Lines({ lines }: { lines: readonly string[] }) {
  return lines.length === 0 ? (
    '—'
  ) : (
    <ul className="text-sm">
      {lines.map((line) => (
        <li key={line}>
          <ExactText text={line} />
        </li>
      ))}
    </ul>
  )
}
