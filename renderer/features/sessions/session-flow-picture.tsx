import { ArrowRight, FolderLock, Globe, KeyRound, Send } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ShownFlow } from '../../../shared/contract/sessions.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Tone } from '../../ui/ui.ts'

type Label = ShownFlow['reads'][number]['label']
const tones: Record<Label, Tone> = { private: 'accent', untrusted: 'warn', secret: 'danger' }
const icons: Record<Label, ReactNode> = {
  private: <FolderLock aria-hidden="true" className="size-3.5" />,
  untrusted: <Globe aria-hidden="true" className="size-3.5" />,
  secret: <KeyRound aria-hidden="true" className="size-3.5" />,
}

interface FlowProps {
  readonly client: string
  readonly flow: ShownFlow
  /** The session has ended. */
  readonly over: boolean
}

/** What came into the session, from where, and where its calls went that could leave this computer. */
export function SessionFlowPicture({ client, flow: { reads, sent }, over }: FlowProps) {
  const { t } = useWords()
  if (over) return <Notice>{t('sessions.flow.over')}</Notice>
  const met = reads.some(({ label }) => label === 'private') && reads.some(({ label }) => label === 'untrusted')
  return (
    <div className="space-y-5">
      <p className="text-sm text-muted">{t('sessions.flow.lead')}</p>
      <div className="grid gap-3 sm:grid-cols-[1fr_auto_auto_auto_1fr] sm:items-center">
        <Side title={t('sessions.flow.in')} none={t('sessions.flow.in.none')}>
          {reads.map((read) => (
            <Item key={`${read.label} ${read.server} ${read.entry} ${read.place}`} {...read}>
              <Badge tone={tones[read.label]} icon={icons[read.label]}>
                {t(`sessions.flow.${read.label}`)}
              </Badge>
            </Item>
          ))}
        </Side>
        <Arrow />
        <p className="rounded-xl border border-line bg-sunken px-4 py-3 text-center text-sm font-medium break-words">
          <ExactText text={client} />
        </p>
        <Arrow />
        <Side title={t('sessions.flow.out')} none={t('sessions.flow.out.none')}>
          {sent.map((one) => (
            <Item
              key={`${one.server} ${one.entry} ${one.place}`}
              {...one}
              place={one.place ?? t('sessions.flow.anywhere')}
            >
              <Send aria-hidden="true" className="size-3.5 text-muted" />
            </Item>
          ))}
        </Side>
      </div>
      {met && <Notice tone="warn">{t('sessions.flow.met')}</Notice>}
    </div>
  )
}

/** Pointing down where the sides stand above each other. */
const Arrow = () => <ArrowRight aria-hidden="true" className="mx-auto size-5 rotate-90 text-muted sm:rotate-0" />

function Side({ title, none, children }: { title: string; none: string; children: readonly ReactNode[] }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2 text-xs font-semibold text-muted">{title}</h3>
      {children.length === 0 ? <p className="text-sm text-muted">{none}</p> : <ul className="space-y-2">{children}</ul>}
    </section>
  )
}

interface ItemProps {
  readonly server: string
  readonly entry: string
  readonly place?: string | undefined
  readonly at: number
  readonly children: ReactNode
}

function Item({ server, entry, place, at, children }: ItemProps) {
  const { when } = useWords()
  return (
    <li className="rounded-lg border border-line bg-surface px-3 py-2 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        {children}
        <span className="min-w-0 font-medium break-all">
          <ExactText text={place ?? server} />
        </span>
      </div>
      <p className="mt-1 text-xs break-words text-muted">
        <ExactText text={entry} /> · {when(at)}
      </p>
    </li>
  )
}
