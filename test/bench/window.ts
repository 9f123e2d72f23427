/**
 * What the window costs, in a real browser over the real app with 100 configured servers: how long until it can be used, how much
 * script a frame takes while calls pass, how soon a question is seen. No GPU is assumed, so no frames a second are claimed:
 * script is what it took of a processor, whatever else runs.
 */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CDPSession, chromium, type Page } from 'playwright-core'
import { GatehouseUnderTest } from './gatehouse-under-test.ts'
import { seed } from './large-catalog.ts'
import { median, quantile } from './statistics.ts'
import { StdioLine } from './stdio-line.ts'

const root = join(import.meta.dirname, '../..')
const quick = process.argv.includes('--quick')
const [loads, liveSeconds, questions] = quick ? [5, 4, 8] : [15, 12, 30]
const callsPerSecond = 100
const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const filesystem = join(root, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js')

const gatehouse = new GatehouseUnderTest()
const documents = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-bench-documents-')))
const now = () => performance.timeOrigin + performance.now()

/** Notes in the page when something it waits for is first there: milliseconds since 1970, as this process counts them. */
const watcher = () => {
  const seen: Record<string, number> = {}
  Object.assign(globalThis, { benchSeen: seen })
  const look = () => {
    if (seen.heading === undefined && document.querySelector('nav') && document.querySelector('main h1'))
      seen.heading = performance.timeOrigin + performance.now()
    if (document.querySelector('[role=dialog] h2')) seen.question ??= performance.timeOrigin + performance.now()
    else delete seen.question
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
}
type Seen = { readonly benchSeen: Record<string, number> }
const seenIn = (page: Page, what: string) =>
  page
    .waitForFunction((name) => (globalThis as unknown as Seen).benchSeen[name], what)
    .then((handle) => handle.jsonValue() as Promise<number>)

/** Milliseconds from asking for the page until its first heading stands and a key has been heard. */
async function untilInteractive(page: Page, hash: string): Promise<{ readonly shown: number; readonly heard: number }> {
  await page.goto('about:blank')
  const begun = now()
  await page.goto(`${new URL(gatehouse.loginUrl).origin}/${hash}`, { waitUntil: 'commit' })
  const shown = (await seenIn(page, 'heading')) - begun
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').waitFor()
  const heard = now() - begun
  await page.keyboard.press('Escape')
  await page.getByRole('combobox').waitFor({ state: 'detached' })
  return { shown, heard }
}

/** Milliseconds of script and of everything the page's main thread did, a frame, while a client calls at a steady pace. */
async function whileCalling(page: Page, devtools: CDPSession, line: StdioLine) {
  let frames = 0
  const counting = page.evaluate(
    (forMs) =>
      new Promise<number>((resolve) => {
        const end = performance.now() + forMs
        let count = 0
        const next = () => {
          count++
          if (performance.now() < end) requestAnimationFrame(next)
          else resolve(count)
        }
        requestAnimationFrame(next)
      }),
    liveSeconds * 1000,
  )
  const before = await spent(devtools)
  const calls = steadyCalls(line)
  frames = await counting
  const answered = await calls
  const after = await spent(devtools)
  return {
    script: (after.script - before.script) / frames,
    task: (after.task - before.task) / frames,
    frames,
    answered,
  }
}

/** @returns how many were answered without an error */
async function steadyCalls(line: StdioLine): Promise<number> {
  const waiting: Promise<boolean>[] = []
  const begun = performance.now()
  const ticking = Promise.withResolvers<void>()
  const tick = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * callsPerSecond)
    while (waiting.length < due) waiting.push(echo(line, `call ${waiting.length}`))
    if (performance.now() - begun > liveSeconds * 1000) ticking.resolve()
  }, 1000 / callsPerSecond)
  await ticking.promise
  clearInterval(tick)
  return (await Promise.all(waiting)).filter(Boolean).length
}

const echo = (line: StdioLine, message: string) =>
  line.request('tools/call', { name: 'everything__echo', arguments: { message } }).then(({ error }) => !error)

async function spent(devtools: CDPSession): Promise<{ readonly script: number; readonly task: number }> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  const of = (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN) * 1000
  return { script: of('ScriptDuration'), task: of('TaskDuration') }
}

/** Milliseconds from a call's being sent by its client until its question stands in the window. */
async function untilAsked(page: Page, line: StdioLine, round: number): Promise<number> {
  const sent = now()
  const call = line.request('tools/call', {
    name: 'notes__write_file',
    arguments: { path: join(documents, `note-${round}.md`), content: `note ${round}` },
  })
  const asked = (await seenIn(page, 'question')) - sent
  await page.keyboard.press('Escape')
  await call
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  return asked
}

async function throughFirstRun(page: Page): Promise<void> {
  for (const name of ['Next', 'Go on without folders', 'Next', 'Finish without trying'])
    await page.getByRole('button', { name }).click()
  await page.getByRole('heading', { name: 'Home' }).waitFor()
}

async function main(): Promise<void> {
  await gatehouse.start()
  gatehouse.cli('servers', 'add', 'everything', '--trust', '--yes', '--', process.execPath, everything, 'stdio')
  gatehouse.cli(
    'servers',
    'add',
    'notes',
    '--yes',
    '--allow-path',
    documents,
    '--',
    process.execPath,
    filesystem,
    documents,
  )
  gatehouse.cli('servers', 'review', 'notes', '--accept')
  gatehouse.cli('clients', 'pair', 'bench')
  await gatehouse.halt()
  await seed(gatehouse)
  await gatehouse.start()
  const browser = await chromium.launch({
    executablePath: process.env.GATEHOUSE_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 } })).newPage()
    await page.goto(gatehouse.loginUrl)
    await page.waitForURL((url) => url.pathname === '/')
    await throughFirstRun(page)
    await page.addInitScript(watcher)
    const starts = []
    for (let round = 0; round < loads; round++)
      starts.push(await untilInteractive(page, round % 2 ? '#/servers' : '#/home'))
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
    const args = [join(root, 'dist/bridge.js'), '--client', 'bench', '--home', gatehouse.home]
    const line = await new StdioLine('bench', process.execPath, args, gatehouse.environment).connect()
    await echo(line, 'first') // the server starts
    const live = []
    for (const screen of ['home', 'audit', 'sessions', 'servers']) {
      await page.goto(`${new URL(gatehouse.loginUrl).origin}/#/${screen}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      live.push({ screen, ...(await whileCalling(page, devtools, line)) })
    }
    const asked: number[] = []
    for (let round = 0; round < questions; round++) asked.push(await untilAsked(page, line, round))
    await line.close()
    report(starts, live, asked)
  } finally {
    await browser.close()
  }
}

function report(
  starts: readonly { readonly shown: number; readonly heard: number }[],
  live: readonly {
    readonly screen: string
    readonly script: number
    readonly task: number
    readonly answered: number
  }[],
  asked: readonly number[],
): void {
  const figures = [
    ['window: asked for until its heading stands, median ms', median(starts.map(({ shown }) => shown)), ''],
    ['  until a key was heard and answered', median(starts.map(({ heard }) => heard)), '≤ 1000'],
    ...live.flatMap(({ screen, script, task, answered }) => [
      [`${screen}: script a frame while ${callsPerSecond} calls/s pass, ms`, script, '≤ 8'] as const,
      [`  with style, layout and paint; ${answered} calls answered`, task, ''] as const,
    ]),
    ['a question: sent by the AI app until seen, median ms', median(asked), '≤ 150'],
    ['  95th percentile', quantile(asked, 0.95), ''],
  ] as const
  const round = (value: number) => Math.round(value * 100) / 100
  console.table(figures.map(([what, value, bar]) => ({ what, value: round(value), bar })))
  writeFileSync(join(root, 'dist', 'bench-window.json'), JSON.stringify(figures, null, 2))
}

try {
  await main()
} finally {
  await gatehouse.stop()
  rmSync(documents, { recursive: true, force: true })
}
