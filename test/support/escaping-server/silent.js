// Never says a word; leaves a process behind that is in nobody's group or session and hears no signal.
import { spawn } from 'node:child_process'

const deaf =
  "for (const s of ['SIGTERM', 'SIGHUP']) process.on(s, () => {}); setInterval(() => {}, 1000) // gatehouse-stray"
const middle = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(deaf)}], { detached: true, stdio: 'ignore' }).unref()`
spawn(process.execPath, ['-e', middle], { stdio: 'ignore' })
process.on('SIGTERM', () => {})
setInterval(() => {}, 1000)
