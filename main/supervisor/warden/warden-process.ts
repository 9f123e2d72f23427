/** Entry of `dist/warden.js`: see warden.ts. Reads `+ KNOWN` and `- PID` lines; ends everything when its input closes. */
import { createInterface } from 'node:readline'
import { endGroup, type Known } from './processes.ts'
import { isKnown } from './record.ts'

/** What a server gets for leaving by itself after its input closed. */
const graceMs = 300

const watched = new Map<number, Known>()
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  if (line.startsWith('- ')) watched.delete(Number(line.slice(2)))
  if (line.startsWith('+ ')) watch(JSON.parse(line.slice(2)))
})
lines.on('close', () => {
  for (const known of watched.values()) endGroup(known, 'SIGTERM')
  setTimeout(() => {
    for (const known of watched.values()) endGroup(known, 'SIGKILL')
    process.exit(0)
  }, graceMs)
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

function watch(value: unknown): void {
  if (isKnown(value)) watched.set(value.pid, value)
}
