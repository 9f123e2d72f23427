import type { ComponentProps, ReactNode } from 'react'
import { cx } from './ui.ts'

const shape =
  'inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors duration-150 ' +
  'disabled:opacity-50 aria-disabled:cursor-default'
const sizes = {
  medium: 'min-h-9 px-3.5 py-1.5 text-sm',
  small: 'min-h-8 px-2.5 py-1 text-xs',
  large: 'min-h-11 px-5 py-2 text-base',
}
const looks = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-strong',
  plain: 'border border-edge/60 bg-surface text-ink hover:border-edge hover:bg-sunken',
  quiet: 'text-ink hover:bg-sunken',
  danger: 'bg-danger-fill text-accent-ink hover:bg-danger-fill-strong',
  'danger-quiet': 'border border-danger/40 text-danger hover:bg-danger-soft',
}

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof looks
  readonly size?: keyof typeof sizes
  readonly icon?: ReactNode
}

export function Button({ look = 'plain', size = 'medium', icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={cx(shape, sizes[size], looks[look], className)}>
      {icon}
      {children}
    </button>
  )
}

/** A button that shows only a picture; `label` is what it is called. */
export function IconButton({
  label,
  className,
  children,
  ...rest
}: ComponentProps<'button'> & { readonly label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        'inline-flex size-9 items-center justify-center rounded-lg text-muted hover:bg-sunken hover:text-ink',
        className,
      )}
    >
      {children}
    </button>
  )
}
