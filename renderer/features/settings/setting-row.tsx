import { type ReactNode, useId } from 'react'

interface SettingRowProps {
  readonly name: string
  readonly text: string
  /** The control; it is named and described by these ids. */
  readonly children: (ids: { labelId: string; textId: string }) => ReactNode
  /** Where its value comes from, what waits. */
  readonly notes?: ReactNode
  /** What the address names it by. */
  readonly anchor?: string
}

/** One setting: its name and sentence at the left, its control at the right. */
export function SettingRow({ name, text, children, notes, anchor }: SettingRowProps) {
  const id = useId()
  const ids = { labelId: `${id}-name`, textId: `${id}-text` }
  return (
    <li data-place={anchor} className="grid gap-x-8 gap-y-3 px-5 py-4 lg:grid-cols-[1fr_20rem]">
      <div className="min-w-0">
        <h3 id={ids.labelId} className="text-sm font-medium">
          {name}
        </h3>
        <p id={ids.textId} className="mt-0.5 max-w-[62ch] text-sm text-pretty text-muted">
          {text}
        </p>
        {notes}
      </div>
      <div className="min-w-0">{children(ids)}</div>
    </li>
  )
}
