import type { Foundation } from './foundation.ts'

const everyMs = 24 * 3_600_000

/** Says once a day which secrets are to be replaced. @returns stop, which also keeps when secrets were used */
export function tellDueSecrets({ credentials, notice }: Pick<Foundation, 'credentials' | 'notice'>): () => void {
  const tell = () => {
    for (const { server, name } of credentials.due())
      notice(
        'warning',
        `The secret ${name} of “${server}” is due to be replaced: gatehouse secrets rotate ${server} ${name}`,
      )
  }
  tell()
  const timer = setInterval(tell, everyMs).unref()
  return () => {
    clearInterval(timer)
    credentials.saveUses()
  }
}
