import { revealHidden } from './hidden-characters.ts'
import { ScrollGroup } from './scroll-group.tsx'
import { cx } from './ui.ts'

/** Text exactly as it is; characters nobody can see are shown as their code points. */
export function ExactText({ text }: { text: string }) {
  return (
    <bdi>
      {keyed(text).map(({ key, piece }) =>
        piece.hidden ? (
          <mark key={key} className="mx-px rounded bg-danger-soft px-1 font-mono text-[0.85em] text-danger">
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  )
}

const keyed = (text: string) => revealHidden(text).map((piece, place) => ({ key: `${place}`, piece }))

/** A block of exact text: nothing cut, long ones scroll in themselves. */
export function ExactBlock({ text, label, className }: { text: string; label: string; className?: string }) {
  return (
    <ScrollGroup
      label={label}
      className={cx(
        'max-h-72 overflow-auto rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap',
        className,
      )}
    >
      <ExactText text={text} />
    </ScrollGroup>
  )
}
