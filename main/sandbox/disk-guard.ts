import { diskUse } from './disk-use.ts'

const leastPauseMs = 1000
/** So much longer than a look took, the next waits: looking costs a twentieth of the time at most. */
const pauseFactor = 20

/**
 * Looks again and again how much a server's private folders hold. What happens between two looks is not prevented: on a
 * fast disk that can be some hundred megabytes.
 *
 * @param over called once @returns stop
 */
export function guardDisk(folders: readonly string[], mostBytes: number, over: () => void): () => void {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const look = async () => {
    const beganMs = performance.now()
    const used = await diskUse(folders, mostBytes)
    if (stopped) return
    if (used > mostBytes) over()
    else again(performance.now() - beganMs)
  }
  const again = (tookMs: number) => {
    timer = setTimeout(() => void look(), Math.max(leastPauseMs, tookMs * pauseFactor)).unref()
  }
  again(0)
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
