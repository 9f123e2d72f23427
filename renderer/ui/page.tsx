import type { ReactNode } from 'react'

interface PageProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of one screen: its name, one sentence, what can be done, and the rest. */
export function Page({ title, lead, actions, children }: PageProps) {
  return (
    <div className="mx-auto max-w-5xl px-6 py-8 min-[120rem]:max-w-7xl min-[160rem]:max-w-[110rem] lg:px-10">
      <header className="mb-7 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-[min(100%,22rem)] flex-1">
          <h1 className="font-serif text-2xl font-semibold tracking-tight" tabIndex={-1} data-page-title="">
            {title}
          </h1>
          {lead && <p className="mt-1.5 max-w-[68ch] text-pretty text-muted">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
