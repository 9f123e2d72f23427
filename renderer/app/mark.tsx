/** The mark: a gate between two battlements. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0f3b40" />
      <path d="M7 25V10h3v2.4h2.5V10h2.3v2.4h2.4V10h2.3v2.4H22V10h3v15h-5v-4.5a4 4 0 0 0-8 0V25z" fill="#e9dfc8" />
      <path d="M16 19v6" stroke="#e0a13c" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
