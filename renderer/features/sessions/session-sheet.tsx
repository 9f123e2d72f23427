import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Facts } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { SessionCalls } from './session-calls.tsx'
import { SessionContext } from './session-context.tsx'
import { SessionFlowPicture } from './session-flow-picture.tsx'
import { isOver, type Session, SessionState } from './session-state.tsx'

/** One session in full, from the side: what it did, what it read and sent, and its figures. */
export function SessionSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.sessions)
  const reading = useReading((api) => api.sessions.show({ id }), `${id} ${revision}`)
  return (
    <Dialog
      placement="side"
      title={t('sessions.of', { client: reading.value?.session.client ?? '…' })}
      closeLabel={t('close')}
      onClose={onClose}
    >
      <ReadingView reading={reading}>
        {({ session, flow }) => (
          <Tabs
            label={session.client}
            tabs={[
              { id: 'calls', label: t('sessions.tab.calls'), content: <SessionCalls session={session} /> },
              {
                id: 'flow',
                label: t('sessions.tab.flow'),
                content: <SessionFlowPicture client={session.client} flow={flow} over={isOver(session)} />,
              },
              ...(isOver(session)
                ? []
                : [{ id: 'context', label: t('sessions.tab.context'), content: <SessionContext session={session} /> }]),
              { id: 'figures', label: t('sessions.tab.figures'), content: <Figures session={session} /> },
            ]}
          />
        )}
      </ReadingView>
    </Dialog>
  )
}

function Figures({ session }: { session: Session }) {
  const { t, date } = useWords()
  return (
    <Facts
      facts={[
        [t('column.app'), <ExactText key="client" text={session.client} />],
        [t('column.state'), <SessionState key="state" session={session} />],
        [t('column.door'), t(`door.${session.door}`)],
        [t('sessions.protocol'), session.protocol ?? t('sessions.protocol.unknown')],
        [t('column.started'), date(session.startedAt)],
        [t('column.lastActive'), date(session.lastActiveAt)],
        [t('column.calls'), session.calls],
        [t('column.refused'), session.refused],
        [
          t('column.session'),
          <code key="id" className="font-mono text-xs break-all">
            {session.id}
          </code>,
        ],
      ]}
    />
  )
}
