import type { ReactNode, Ref } from 'react'

interface ScrollGroupProps {
  readonly label: string
  readonly className?: string | undefined
  readonly ref?: Ref<HTMLDivElement>
  readonly children: ReactNode
}

/** A named part that scrolls in itself and can be reached by keyboard. */
export function ScrollGroup({ label, className, ref, children }: ScrollGroupProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls; this holds text
    <div
      ref={ref}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      data-scrolls=""
      className={className}
    >
      {children}
    </div>
  )
}
