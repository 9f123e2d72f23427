import { AlertTriangle, CheckCircle2, Info, OctagonAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx, type Tone } from './ui.ts'

const looks: Record<Tone, string> = {
  plain: 'border-line bg-surface',
  accent: 'border-accent/25 bg-accent-soft',
  ok: 'border-ok/25 bg-ok-soft',
  warn: 'border-warn/30 bg-warn-soft',
  danger: 'border-danger/30 bg-danger-soft',
}
const icons: Record<Tone, ReactNode> = {
  plain: <Info aria-hidden="true" className="size-5 text-muted" />,
  accent: <Info aria-hidden="true" className="size-5 text-accent" />,
  ok: <CheckCircle2 aria-hidden="true" className="size-5 text-ok" />,
  warn: <AlertTriangle aria-hidden="true" className="size-5 text-warn" />,
  danger: <OctagonAlert aria-hidden="true" className="size-5 text-danger" />,
}

interface NoticeProps {
  readonly tone?: Tone
  readonly children: ReactNode
  readonly action?: ReactNode
  /** Spoken at once by screen readers. */
  readonly alert?: boolean
}

/** One thing to know, in its colour. */
export function Notice({ tone = 'plain', children, action, alert }: NoticeProps) {
  return (
    <div
      role={alert ? 'alert' : undefined}
      className={cx('flex items-start gap-3 rounded-xl border px-4 py-3 text-sm', looks[tone])}
    >
      <span className="mt-px shrink-0">{icons[tone]}</span>
      <div className="min-w-0 flex-1 break-words">{children}</div>
      {action}
    </div>
  )
}

interface EmptyProps {
  readonly icon: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** What a list says when there is nothing in it, and what would bring something. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center rounded-xl border border-dashed border-edge/50 px-6 py-10 text-center">
      <span
        aria-hidden="true"
        className="mb-3 flex size-12 items-center justify-center rounded-full bg-accent-soft text-accent [&_svg]:size-6"
      >
        {icon}
      </span>
      <p className="font-serif text-lg font-semibold">{title}</p>
      {children && <p className="mt-1 max-w-[52ch] text-sm text-pretty text-muted">{children}</p>}
      {action && <div className="mt-4">{action}</div>}
    </div>
  )
}

export function Loading({ label }: { label: string }) {
  return (
    <div role="status" className="flex items-center gap-3 py-8 text-sm text-muted">
      <span
        aria-hidden="true"
        className="size-4 shrink-0 animate-turn rounded-full border-2 border-line border-t-accent"
      />
      {label}
    </div>
  )
}
