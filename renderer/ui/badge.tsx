import type { ReactNode } from 'react'
import { cx, type Tone } from './ui.ts'

const looks: Record<Tone, string> = {
  plain: 'bg-sunken text-muted ring-line',
  accent: 'bg-accent-soft text-accent ring-accent/20',
  ok: 'bg-ok-soft text-ok ring-ok/20',
  warn: 'bg-warn-soft text-warn ring-warn/25',
  danger: 'bg-danger-soft text-danger ring-danger/25',
}

export function Badge({ tone = 'plain', icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap ring-1 ring-inset',
        looks[tone],
      )}
    >
      {icon}
      {children}
    </span>
  )
}

const dots: Record<Tone, string> = {
  plain: 'bg-edge',
  accent: 'bg-accent',
  ok: 'bg-ok',
  warn: 'bg-warn',
  danger: 'bg-danger',
}

/** A coloured dot with its meaning in words beside it. */
export function Dot({ tone, busy, children }: { tone: Tone; busy?: boolean | undefined; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2 text-sm whitespace-nowrap text-muted">
      <span aria-hidden="true" className={cx('size-2 rounded-full', dots[tone], busy && 'animate-breathe')} />
      {children}
    </span>
  )
}
