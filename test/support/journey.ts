import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { standInApp } from './electron-stand-in/stand-in-app.ts'
import { type OpenWindow, openWindow } from './open-window.ts'
import { operatorPassphrase, type RunningApp, runningApp } from './running-app.ts'

/** What carries the window: a browser, or Electron as the stand-in plays it. */
export type Shell = 'browser' | 'stand-in'
export const root = resolve(import.meta.dirname, '..', '..')
export { operatorPassphrase }

const full = process.env.GATEHOUSE_TEST_FULL === '1'

/** Every journey runs in the browser shell; the chosen ones, and all of them with GATEHOUSE_TEST_FULL=1, on the stand-in too. */
export const shells = (always: 'in both' | 'in the browser' = 'in the browser'): readonly Shell[] =>
  full || always === 'in both' ? ['browser', 'stand-in'] : ['browser']

export interface JourneyOptions {
  /** Added to the app's environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Leaves the first run to the test. */
  readonly fresh?: boolean
}

/** An AI app: the SDK most of them are built on, over a real bridge process. */
export interface AiApp {
  readonly client: Client
  readonly call: (name: string, given?: Record<string, unknown>) => Promise<Told>
  readonly close: () => Promise<void>
}
/** What the model is told. */
export interface Told {
  readonly isError: boolean
  readonly text: string
}

/** The built app in one shell, the person's window on it, a folder of their files, and their AI apps. */
export class Journey {
  readonly #apps: AiApp[] = []
  readonly #carrier: Carrier
  private constructor(
    readonly shell: Shell,
    /** Everything of this journey. */
    readonly place: string,
    carrier: Carrier,
    /** Of the app, beside what it always gets. */
    readonly env: Readonly<Record<string, string>>,
  ) {
    this.#carrier = carrier
  }

  /** A folder with `notes.md` in it, which the person opens to AI apps at first run. */
  get files(): string {
    return join(this.place, 'Documents')
  }
  get app(): Pick<RunningApp, 'home' | 'cli' | 'operator'> {
    return this.#carrier.app
  }

  /** Waits until the app has ended by itself. */
  stopped = (): Promise<void> => this.#carrier.app.stopped()

  /** Addresses the desktop app opened in the person's own browser; in the browser shell the page opens them itself. */
  opened = (): Promise<readonly string[]> => this.#carrier.opened()

  static async begin(shell: Shell, options: JourneyOptions = {}): Promise<Journey> {
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-journey-')))
    mkdirSync(join(place, 'Documents'))
    mkdirSync(join(place, 'cache'))
    writeFileSync(join(place, 'Documents', 'notes.md'), '# Notes\n\nBuy milk.\nCall Ana.\n')
    // a home of its own: no AI app of whoever runs this is found, nor changed
    const own = { HOME: place, XDG_CONFIG_HOME: join(place, '.config') }
    const env = { ...own, XDG_CACHE_HOME: join(place, 'cache'), ...options.env }
    const carrier = shell === 'browser' ? await browserCarrier(env) : await standInCarrier(env)
    const journey = new Journey(shell, place, carrier, env)
    if (!options.fresh) await carrier.finishFirstRun(journey.files)
    return journey
  }

  /** The window; in the browser shell each call opens one more tab. */
  async window(hash = '#/home'): Promise<Page> {
    const page = await this.#carrier.window(hash)
    page.setDefaultTimeout(30_000)
    return page
  }

  /** Closes the window as the person does; in Electron it goes to the tray. Open it again with `window()`. */
  closeWindow = (page: Page): Promise<void> => this.#carrier.closeWindow(page)

  /** A client that was paired before, connected. */
  async pairedApp(name: string): Promise<AiApp> {
    const paired = await this.app.operator('clients', 'pair', name)
    if (paired.code !== 0) throw new Error(paired.err)
    return this.aiApp(name)
  }

  /** Connects an AI app by the bridge, whether it was paired or not. */
  async aiApp(name: string): Promise<AiApp> {
    const client = new Client({ name, version: '1.0.0' })
    const args = [join(root, 'dist', 'bridge.js'), '--client', name, '--home', this.app.home, '--no-start']
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }), {
      timeout: 60_000,
    })
    const app: AiApp = {
      client,
      call: async (tool, given = {}) => {
        const options = { timeout: 60_000, resetTimeoutOnProgress: true }
        const result = (await client.callTool({ name: tool, arguments: given }, undefined, options)) as CallToolResult
        const text = result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n')
        return { isError: result.isError ?? false, text }
      },
      close: () => client.close(),
    }
    this.#apps.push(app)
    return app
  }

  /** Answers the passphrase dialog, which only the browser shell shows. */
  async proveIfAsked(page: Page, next: Locator): Promise<void> {
    const field = page.getByLabel('Operator passphrase')
    await field.or(next).first().waitFor()
    if (!(await field.isVisible())) return
    await field.fill(operatorPassphrase)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await next.waitFor()
  }

  async end(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close().catch(() => undefined)))
    await this.#carrier.end()
    await rm(this.place, { recursive: true, force: true })
  }
}

/** Goes through the folders step of the first run with the journey's own folder. */
export async function openFolder(
  journey: Journey,
  page: Page,
  access: 'May be read' | 'May be changed',
): Promise<void> {
  await page.getByLabel('Path of a folder').fill(journey.files)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByLabel(`Access to ${journey.files}`).selectOption(access)
  await page.getByRole('button', { name: 'Next' }).click()
  await journey.proveIfAsked(page, page.getByRole('heading', { name: 'Connect your AI apps' }))
}

/** Gives an "allow" answer once the question is old enough to take it. */
export async function answer(page: Page, name: string): Promise<void> {
  const button = page.getByRole('dialog').getByRole('button', { name, exact: true })
  await button.and(page.locator('[aria-disabled=false]')).click()
}

/** The question dialog with this sentence. */
export async function question(page: Page, sentence: string | RegExp): Promise<Locator> {
  const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: sentence }) })
  await dialog.waitFor()
  return dialog
}

interface ApiWindow {
  readonly gatehouse: { call(channel: string, input?: unknown): Promise<Record<string, unknown>> }
}
interface Carrier {
  readonly app: Pick<RunningApp, 'home' | 'cli' | 'operator' | 'stopped'>
  window(hash: string): Promise<Page>
  closeWindow(page: Page): Promise<void>
  /** What the window asks for when the person goes through the first run: opens a folder for changes, and no more. */
  finishFirstRun(folder: string): Promise<void>
  end(): Promise<void>
  readonly opened: () => Promise<readonly string[]>
}

async function browserCarrier(env: Record<string, string>): Promise<Carrier> {
  const app = await runningApp({ env })
  let browser: Browser | undefined
  let context: BrowserContext | undefined
  let signedIn: OpenWindow | undefined
  const begin = async () => {
    browser = await chromium.launch({
      executablePath: process.env.GATEHOUSE_TEST_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    })
    context = await browser.newContext({
      ...(signedIn ? { storageState: keptBy(signedIn, app.loginUrl) } : {}),
      viewport: { width: 1280, height: 860 },
      reducedMotion: 'reduce',
      locale: 'en-GB',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    if (!signedIn) await signIn(context, app.loginUrl)
    return context
  }
  return {
    app,
    window: async (hash) => {
      context ??= await begin()
      const page = await context.newPage()
      await page.goto(new URL(`/${hash}`, app.loginUrl).href)
      return page
    },
    closeWindow: (page) => page.close(),
    finishFirstRun: async (folder) => {
      signedIn = await openWindow(app)
      await signedIn.confirm(operatorPassphrase)
      for (const [channel, input] of firstRun(folder)) expectDone(channel, await signedIn.ask(channel, input))
      signedIn.close()
    },
    opened: async () => [],
    end: async () => {
      await browser?.close()
      await app.end()
    },
  }
}

/** Each channel and what goes over it. */
const firstRun = (path: string): readonly (readonly [string, unknown])[] => [
  ['permissions.setFolders', { folders: [{ path, access: 'write' }] }],
  ['system.finishFirstRun', undefined],
]

function expectDone(channel: string, answer: { readonly ok?: unknown }): void {
  if (answer.ok !== true) throw new Error(`${channel}: ${JSON.stringify(answer)}`)
}

/** As the person does, by the link the app wrote. */
async function signIn(context: BrowserContext, link: string): Promise<void> {
  const page = await context.newPage()
  await page.goto(link)
  await page.waitForURL((url) => url.pathname === '/')
  await page.close()
}

/** What a browser has of a window that is signed in already. */
function keptBy({ cookie, windowKey }: OpenWindow, link: string): NonNullable<BrowserContextOptions['storageState']> {
  const { hostname, origin } = new URL(link)
  const [name = '', value = ''] = cookie.split('=')
  const rest = { domain: hostname, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' } as const
  return {
    cookies: [{ name, value, ...rest }],
    origins: [{ origin, localStorage: [{ name: 'gatehouse.window', value: windowKey }] }],
  }
}

async function standInCarrier(env: Record<string, string>): Promise<Carrier> {
  const app = await standInApp({ env })
  const main = async () => (await app.state()).windows.find(({ title }) => title === 'Gatehouse')
  return {
    app,
    window: async (hash) => {
      if (!(await main())?.visible) await app.do('clickTray')
      const page = await app.window()
      await page.evaluate((to) => {
        location.hash = to
      }, hash)
      return page
    },
    closeWindow: async () => {
      await app.do('closeWindow', { title: 'Gatehouse' })
    },
    finishFirstRun: async (folder) => {
      const page = await app.window()
      for (const [channel, input] of firstRun(folder)) {
        const call = ([name, given]: readonly [string, unknown]) =>
          (window as unknown as ApiWindow).gatehouse.call(name, given)
        expectDone(channel, await page.evaluate(call, [channel, input] as const))
      }
      await page.reload()
      await page.getByRole('heading', { name: 'Home' }).waitFor()
    },
    opened: async () => (await app.state()).opened,
    end: () => app.end(),
  }
}
