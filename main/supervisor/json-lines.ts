const newline = 0x0a

/** Why a stream of lines can't be read on. */
export type LineProblem = 'too-long'

/**
 * Cuts a byte stream into lines of UTF-8 text without copying what lies within one chunk.
 *
 * @param longestBytes a longer line ends the reading with `onProblem('too-long')`
 */
export function lineReader(
  longestBytes: number,
  onLine: (line: string) => void,
  onProblem: (problem: LineProblem) => void,
): (chunk: Buffer) => void {
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let ended = false

  const takeWaiting = (tail: Buffer): Buffer => {
    const whole = waiting.length === 0 ? tail : Buffer.concat([...waiting, tail])
    waiting = []
    waitingBytes = 0
    return whole
  }

  return (chunk) => {
    let start = 0
    while (!ended) {
      const end = chunk.indexOf(newline, start)
      if (end === -1) break
      if (waitingBytes + end - start > longestBytes) break
      const line = takeWaiting(chunk.subarray(start, end)).toString('utf8')
      start = end + 1
      if (line.length > 0 && line !== '\r') onLine(line)
    }
    if (ended || start >= chunk.length) return
    waiting.push(chunk.subarray(start))
    waitingBytes += chunk.length - start
    if (waitingBytes <= longestBytes) return
    ended = true
    waiting = []
    onProblem('too-long')
  }
}
