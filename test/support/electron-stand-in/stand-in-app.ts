import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from 'playwright-core'
import { commandLine } from '../command-line.ts'
import type { CommandResult } from '../run-command.ts'
import { ended, operatorPassphrase } from '../running-app.ts'

const root = resolve(import.meta.dirname, '..', '..', '..')
const register = join(root, 'test', 'support', 'electron-stand-in', 'register.mjs')

export interface StandInWindow {
  readonly title: string
  /** As the app sees it: `app://gatehouse/#/…`. */
  readonly url: string
  readonly visible: boolean
  readonly focused: boolean
  readonly minimized: boolean
  readonly alwaysOnTop: boolean
  readonly preferences: Readonly<Record<string, unknown>>
  /** Chromium's name for the page. */
  readonly target: string
}
export interface StandInNotification {
  readonly title: string
  readonly body: string
  readonly actions: readonly { readonly text: string }[]
}
/** What a desktop would show. */
export interface StandInState {
  readonly badge: number
  readonly loginItem: boolean
  readonly sandboxed: boolean
  readonly appUserModelId: string
  readonly protocols: readonly string[]
  readonly notifications: readonly StandInNotification[]
  readonly trays: readonly {
    readonly image: string
    readonly empty: boolean
    readonly tooltip: string
    readonly title: string
    readonly menu: readonly { readonly label?: string; readonly enabled?: boolean }[]
  }[]
  readonly windows: readonly StandInWindow[]
  /** Addresses given to the person's browser. */
  readonly opened: readonly string[]
  /** What pages tried: navigations, new windows, downloads. */
  readonly attempts: readonly { readonly kind: string; readonly url: string; readonly allowed: boolean }[]
}

export interface StandInApp {
  readonly home: string
  /** Shared by all instances of this app. */
  readonly dir: string
  readonly pid: number
  readonly process: ChildProcess
  state(): Promise<StandInState>
  /** What the person or the desktop does: see the deeds in `electron.mjs`. */
  do(deed: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>
  /** The page of a window, driven by Playwright; waits until the app has made it. */
  window(title?: 'Gatehouse' | 'Gatehouse asks'): Promise<Page>
  /** Starts the app once more, as a second click on its icon or a link would; resolves when that process is gone. */
  again(...args: string[]): Promise<CommandResult>
  cli(...args: string[]): Promise<CommandResult>
  operator(...args: string[]): Promise<CommandResult>
  /** Waits until it has ended by itself. */
  stopped(): Promise<void>
  /** Quits and waits. A data folder that was made for it is removed. */
  end(): Promise<void>
}

export interface StandInOptions {
  readonly home?: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly execArgv?: readonly string[]
  /** Hears what it writes before it is ready. */
  readonly onLine?: (line: string) => void
  /** Hears the process at once, to end one that never gets ready. */
  readonly onProcess?: (app: ChildProcess) => void
}

/** The built app with the Electron shell on the stand-in, and a vault. Resolves when it says it is ready. */
export async function standInApp(options: StandInOptions = {}): Promise<StandInApp> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'gatehouse-electron-')))
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-stand-in-'))
  const child = spawnApp(home, dir, options)
  options.onProcess?.(child)
  await ready(child, options.onLine)
  const control = readFileSync(join(dir, 'control'), 'utf8')
  const state = async () => (await (await fetch(control)).json()) as StandInState
  const act = async (name: string, args: Record<string, unknown> = {}) => {
    const response = await fetch(control, { method: 'POST', body: JSON.stringify({ name, ...args }) })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${name}: ${String(answer.error)}`)
    return answer
  }
  let browser: Promise<Browser> | undefined
  return {
    home,
    dir,
    pid: child.pid ?? 0,
    process: child,
    state,
    do: act,
    window: async (title = 'Gatehouse') => {
      browser ??= act('endpoint').then(({ endpoint }) => chromium.connectOverCDP(String(endpoint)))
      return pageOf(await browser, await targetOf(state, title))
    },
    again: (...args) => finished(spawnApp(home, dir, { ...options, args })),
    cli: (...args) => commandLine(home, args),
    operator: (...args) => commandLine(home, args, { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase }),
    stopped: () => ended(child),
    end: async () => {
      await (await browser)?.close().catch(() => {})
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        await ended
      }
      await rm(dir, { recursive: true, force: true })
      if (!options.home) await rm(home, { recursive: true, force: true })
    },
  }
}

/** Starts it where it is not expected to run: what it wrote and its exit code. */
export async function standInStart(options: StandInOptions): Promise<CommandResult> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'gatehouse-electron-')))
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-stand-in-'))
  try {
    return await finished(spawnApp(home, dir, options))
  } finally {
    await rm(dir, { recursive: true, force: true })
    if (!options.home) await rm(home, { recursive: true, force: true })
  }
}

function spawnApp(home: string, dir: string, { env, args = [], execArgv = [] }: StandInOptions): ChildProcess {
  const control = existsSync(join(dir, 'control')) ? {} : { GATEHOUSE_STAND_IN_CONTROL: join(dir, 'control') }
  const inherited = Object.entries(process.env).filter(([name]) => !/^(GATEHOUSE_|NODE_OPTIONS|ELECTRON_)/.test(name))
  return spawn(
    process.execPath,
    [...execArgv, '--import', register, join(root, 'dist', 'main.js'), '--shell', 'electron', '--home', home, ...args],
    {
      env: {
        ...Object.fromEntries(inherited),
        GATEHOUSE_KEYCHAIN: 'file',
        GATEHOUSE_VAULT_PASSPHRASE: 'a vault for tests',
        GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase,
        GATEHOUSE_STAND_IN_DIR: dir,
        ...control,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
}

/** @throws with what the app wrote when it ends before it is ready */
async function ready(child: ChildProcess, onLine: (line: string) => void = () => {}): Promise<void> {
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk
  })
  if (!child.stdout) throw new Error('the app has no stdout')
  const lines = createInterface({ input: child.stdout })
  for await (const line of lines) {
    onLine(line)
    if (line.startsWith('Gatehouse is ready')) return child.stdout.resume() as never
  }
  throw new Error(`The app ended before it was ready: ${complaint}`)
}

async function finished(child: ChildProcess): Promise<CommandResult> {
  const written = { out: '', err: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    written.out += chunk
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    written.err += chunk
  })
  const [code] = await once(child, 'close')
  return { ...written, code: code as number }
}

async function targetOf(state: () => Promise<StandInState>, title: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const target = (await state()).windows.find((window) => window.title === title)?.target
    if (target) return target
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`there is no window “${title}”`)
}

/** A new window is there before Playwright has attached to it. */
async function pageOf(browser: Browser, target: string): Promise<Page> {
  for (let tries = 0; tries < 200; tries += 1) {
    const page = await attachedPage(browser, target)
    if (page) return page
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('Playwright does not see this window')
}

async function attachedPage(browser: Browser, target: string): Promise<Page | undefined> {
  for (const context of browser.contexts())
    for (const page of context.pages()) {
      const session = await context.newCDPSession(page)
      const { targetInfo } = (await session.send('Target.getTargetInfo')) as { targetInfo: { targetId: string } }
      await session.detach()
      if (targetInfo.targetId === target) return page
    }
  return undefined
}
