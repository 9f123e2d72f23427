import { ExactText } from './exact-text.tsx'
import { ScrollGroup } from './scroll-group.tsx'
import { cx } from './ui.ts'

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

const looks = { same: 'text-muted', added: 'bg-ok-soft text-ok', removed: 'bg-danger-soft text-danger' }
const signs = { same: ' ', added: '+', removed: '−' }

/** Lines added and removed, by sign as well as by colour. */
export function DiffView({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  return (
    <ScrollGroup
      label={label}
      className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken py-1.5 font-mono text-xs"
    >
      {shown(lines).map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place, and the list is never reordered
        <div key={place} className={cx('flex px-3 py-px break-words whitespace-pre-wrap', looks[line.kind])}>
          <span className="w-5 shrink-0 select-none">{signs[line.kind]}</span>
          <span className="min-w-0 flex-1">
            <ExactText text={line.text} />
          </span>
        </div>
      ))}
    </ScrollGroup>
  )
}

/** Without the empty line after a last newline, unless it is all that changed. */
function shown(lines: readonly DiffLine[]): readonly DiffLine[] {
  const before = lines.slice(0, -1)
  const last = lines.at(-1)
  if (last?.text !== '') return lines
  return last.kind === 'same' || before.some((line) => line.kind !== 'same') ? before : lines
}
