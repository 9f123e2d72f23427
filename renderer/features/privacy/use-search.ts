import { useState } from 'react'
import { useAction, useMirror } from '../../app/gatehouse-context.tsx'
import { CallRefused } from '../../client.ts'

/** A long look through every place: how far it is, and a way to stop it. */
export function useSearch() {
  const { busy, run } = useAction()
  const [watch, setWatch] = useState<string>()
  const told = useMirror(({ searching }) => searching)
  const progress = busy && watch !== undefined && told?.watch === watch ? told : undefined
  /** @returns false when it was refused or stopped */
  const search = async (work: (watch: string) => Promise<unknown>, done?: string): Promise<boolean> => {
    const mine = crypto.randomUUID()
    let stopped = false
    setWatch(mine)
    const ended = await run(
      () =>
        work(mine).catch((failure: unknown) => {
          if (!(failure instanceof CallRefused && failure.code === 'privacy.cancelled')) throw failure
          stopped = true // the person stopped it: there is nothing to tell them
        }),
      done,
    )
    return ended && !stopped
  }
  return { busy, watch, progress, search }
}
