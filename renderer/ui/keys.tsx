/** Keys to press together. */
export function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {keys.map((key) => (
        <kbd
          key={key}
          className="min-w-6 rounded border border-edge/50 bg-sunken px-1.5 py-0.5 text-center font-sans text-xs text-ink"
        >
          {key}
        </kbd>
      ))}
    </span>
  )
}
