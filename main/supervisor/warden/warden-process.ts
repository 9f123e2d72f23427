/** Entry of `dist/warden.js`: see warden.ts. Reads `= MARK`, `+ KNOWN` and `- PID` lines; ends everything when its input closes. */
import { createInterface } from 'node:readline'
import { endMarked } from './marks.ts'
import { endGroup, type Known } from './processes.ts'
import { isKnown } from './record.ts'

/** What a server gets for leaving by itself after its input closed. */
const graceMs = 300

const watched = new Map<number, Known>()
/** Of everything this run of the app starts. */
let mark: string | undefined
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  if (line.startsWith('- ')) watched.delete(Number(line.slice(2)))
  if (line.startsWith('= ')) mark = line.slice(2)
  if (line.startsWith('+ ')) watch(JSON.parse(line.slice(2)))
})
lines.on('close', () => {
  for (const known of watched.values()) endGroup(known, 'SIGTERM')
  setTimeout(() => {
    for (const known of watched.values()) endGroup(known, 'SIGKILL')
    if (mark) endMarked([mark])
    process.exit(0)
  }, graceMs)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

function watch(value: unknown): void {
  if (isKnown(value)) watched.set(value.pid, value)
}
