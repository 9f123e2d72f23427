import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from 'playwright-core'
import type { ElectronCarrier } from '../electron-carriers.ts'
import { operatorPassphrase } from '../running-app.ts'

const root = resolve(import.meta.dirname, '..', '..', '..')
const electron = join(root, 'node_modules', 'electron')

/** Electron's package says in `path.txt` where its runtime lies, once that has been downloaded. */
function runtime(): string | undefined {
  const named = join(electron, 'path.txt')
  const file = existsSync(named) ? join(electron, 'dist', readFileSync(named, 'utf8').trim()) : undefined
  return file && existsSync(file) ? file : undefined
}

/** Why the real thing cannot run here. */
export const realElectronMissing: string | undefined = missing()
function missing(): string | undefined {
  if (!runtime()) return 'its page (real Electron skipped: its runtime is not installed)'
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'its page (real Electron skipped: there is no display; run under xvfb-run)'
  return undefined
}

/**
 * The built app under the real Electron. `entry.mjs` opens Chromium's own debugging port from inside, because the app refuses
 * to start with a switch for it.
 */
export async function realElectronApp(): Promise<ElectronCarrier> {
  const place = await mkdtemp(join(tmpdir(), 'gatehouse-real-electron-'))
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const args = [...asRoot, join(import.meta.dirname, 'entry.mjs'), '--shell', 'electron', '--home', join(place, 'home')]
  const app = spawn(runtime() ?? '', args, {
    env: {
      ...process.env,
      HOME: place,
      GATEHOUSE_KEYCHAIN: 'file',
      GATEHOUSE_VAULT_PASSPHRASE: 'a vault for tests',
      GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [endpoint] = await Promise.all([
    lineOf(app.stderr, /DevTools listening on (ws:\S+)/),
    lineOf(app.stdout, /^(Gatehouse is ready)/),
  ])
  const browser = await chromium.connectOverCDP(endpoint)
  const pages = () => browser.contexts().flatMap((context) => context.pages())
  const main = async (): Promise<Page> => {
    const page = pages().find((one) => one.url().startsWith('app://gatehouse/'))
    if (!page) throw new Error('the window is not there')
    return page
  }
  return {
    window: main,
    address: async () => (await main()).url(),
    windowCount: async () => pages().length,
    downloads: async () => (existsSync(join(place, 'Downloads')) ? readdirSync(join(place, 'Downloads')) : []),
    quiet: async () => {
      await (await main()).evaluate(() => new Promise((done) => setTimeout(done, 500)))
    },
    end: async () => {
      await browser.close()
      const ended = once(app, 'exit')
      app.kill('SIGTERM')
      await ended
      await rm(place, { recursive: true, force: true })
    },
  }
}

/** @throws with what was written when the stream ends without such a line */
async function lineOf(stream: NodeJS.ReadableStream, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let written = ''
    const lines = createInterface({ input: stream })
    lines.on('line', (line) => {
      written += `${line}\n`
      const found = wanted.exec(line)?.[1]
      if (found) resolve(found)
    })
    lines.on('close', () => reject(new Error(`Electron ended early: ${written}`)))
  })
}
