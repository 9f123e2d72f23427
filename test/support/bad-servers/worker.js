/** Works, each call told from every other: which process answered, how many calls it got, and trouble on demand. */
import { existsSync, rmSync } from 'node:fs'
import { answer, serve, text, tool } from './wire.js'

let calls = 0
/** With `--once FILE`: crashes in `flaky` only while the file exists, and removes it first. */
const once = process.argv[process.argv.indexOf('--once') + 1]
if (process.argv.includes('--refuse') && existsSync(once)) {
  process.stderr.write('I will not start while the file is there\n')
  process.exit(4)
}

const tools = {
  pid: () => text(process.pid),
  count: () => text(++calls),
  slow: (params, id) => {
    calls += 1
    setTimeout(() => answer(id, text(`${process.pid} ${calls}`)), params.arguments.ms ?? 50)
  },
  flaky: () => {
    if (!existsSync(once)) return text('survived')
    rmSync(once)
    process.exit(9)
  },
  crash: () => {
    process.stderr.write('worker is tired of hunter2-very-secret\n', () => process.exit(9))
  },
  /** Answers nothing any more, neither calls nor pings. */
  deafen: () => {
    process.stdin.pause()
    process.stdin.removeAllListeners()
    setInterval(() => {}, 1_000)
    return text('what?')
  },
  /** From now on reads a piece of 64 KB, then nothing for 2 ms. */
  slowDown: () => {
    process.stdin.on('data', () => {
      process.stdin.pause()
      setTimeout(() => process.stdin.resume(), 2)
    })
    return text('slowly')
  },
  /** Reads and does nothing any more. */
  freeze: (_params, id) => {
    answer(id, text('frozen'))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  },
  /** Is busy beside its calls, so that it answers and still uses a core. */
  burn: () => {
    setInterval(() => {
      const end = Date.now() + 40
      while (Date.now() < end);
    }, 45)
    return text('burning')
  },
}

serve({
  ping: () => ({}),
  'tools/list': () => ({
    tools: Object.keys(tools).map((name) =>
      tool(name, { annotations: { readOnlyHint: ['slow', 'pid', 'flaky'].includes(name) } }),
    ),
  }),
  'tools/call': (params, id) => tools[params.name](params, id),
})
