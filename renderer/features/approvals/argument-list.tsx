import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'

/** Longer than this, or of several lines: a block of its own. */
const inlineLength = 90

/** Arguments by name, each in full. */
export function ArgumentList({ value, empty }: { value: unknown; empty: string }) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return <ExactBlock text={JSON.stringify(value, null, 2)} label="JSON" />
  }
  const entries = Object.entries(value)
  if (entries.length === 0) return <p className="text-sm text-muted">{empty}</p>
  return (
    <dl className="space-y-2.5">
      {entries.map(([name, part]) => (
        <Argument key={name} name={name} text={typeof part === 'string' ? part : JSON.stringify(part, null, 2)} />
      ))}
    </dl>
  )
}

function Argument({ name, text }: { name: string; text: string }) {
  const inline = text.length <= inlineLength && !text.includes('\n')
  return (
    <div className={inline ? 'flex flex-wrap gap-x-3' : ''}>
      <dt className="min-w-24 py-0.5 font-mono text-xs leading-5 text-muted">
        <ExactText text={name} />
      </dt>
      <dd className="min-w-0 flex-1">
        {inline ? (
          <span className="font-mono text-xs leading-5 break-words">
            <ExactText text={text} />
          </span>
        ) : (
          <ExactBlock text={text} label={name} />
        )}
      </dd>
    </div>
  )
}
