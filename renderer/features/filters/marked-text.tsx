import type { ReactNode } from 'react'
import { ExactText } from '../../ui/exact-text.tsx'
import { ScrollGroup } from '../../ui/scroll-group.tsx'

interface Place {
  readonly start: number
  readonly end: number
}

interface MarkedTextProps {
  readonly label: string
  readonly text: string
  readonly findings: readonly Place[]
}

/** The text as it is, hidden characters written out, with every place that was found marked. */
export function MarkedText({ label, text, findings }: MarkedTextProps) {
  const parts: ReactNode[] = []
  let done = 0
  for (const { start, end } of findings) {
    if (end <= done) continue
    const from = Math.max(start, done)
    parts.push(<ExactText key={`before ${from}`} text={text.slice(done, from)} />)
    parts.push(
      <mark key={from} className="rounded bg-warn-soft text-warn ring-1 ring-warn/25">
        <ExactText text={text.slice(from, end)} />
      </mark>,
    )
    done = end
  }
  parts.push(<ExactText key="rest" text={text.slice(done)} />)
  return (
    <ScrollGroup label={label} className="max-h-80 overflow-auto rounded-lg bg-sunken p-3">
      <pre className="font-mono text-xs break-words whitespace-pre-wrap">{parts}</pre>
    </ScrollGroup>
  )
}
