/** A start is shared by all calls that need it, so a call that is given up only stops waiting for it. */
export function untilAborted<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('given up'))
    const listen = (how: 'addEventListener' | 'removeEventListener') => {
      for (const signal of signals) signal[how]('abort', stop)
    }
    if (signals.some((signal) => signal.aborted)) stop()
    listen('addEventListener')
    work.then(resolve, reject).finally(() => listen('removeEventListener'))
  })
}
