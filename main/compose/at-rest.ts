import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds without a call after which the app counts as being at rest. */
const restMs = 10_000

/**
 * Gives memory back once nobody called for a while: V8 by itself keeps what a start or a burst of calls took, 20 MB, for
 * as long as nothing is allocated. A collection holds up what comes meanwhile for about 100 ms, hence once a rest.
 */
export class AtRest {
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly collect: () => void = collector(),
    afterMs = restMs,
  ) {
    this.#timer = setTimeout(() => this.collect(), afterMs).unref()
  }

  /** A call was made. */
  busy(): void {
    this.#timer.refresh()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

/** V8's own collection, for this file alone: no other code gets at it. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void
  setFlagsFromString('--no-expose-gc')
  return () => collect({ type: 'major', flavor: 'last-resort' })
}
