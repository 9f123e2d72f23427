import type { Frame, Page } from 'playwright-core'
import { type StandInApp, standInApp } from './electron-stand-in/stand-in-app.ts'
import { realElectronApp, realElectronMissing } from './real-electron/real-electron.ts'

/** The app in its Electron shell, as far as one page's spec needs it. */
export interface ElectronCarrier {
  window(): Promise<Page>
  /** The main window's address as the app sees it. */
  address(): Promise<string>
  windowCount(): Promise<number>
  /** Names of files that were saved. */
  downloads(): Promise<readonly string[]>
  /** Until what a page tried has been decided. */
  quiet(): Promise<void>
  /** A contract call sent from this frame as a taken-over renderer would; only the stand-in can play one. */
  callAs?(frame: Frame): Promise<unknown>
  end(): Promise<void>
}
export interface ElectronCarrierKind {
  readonly title: string
  readonly start: () => Promise<ElectronCarrier>
  /** Why it cannot run here. */
  readonly missing?: string
}

export const electronCarriers: readonly ElectronCarrierKind[] = [
  { title: 'the stand-in', start: standIn },
  { title: 'real Electron', start: realElectronApp, ...(realElectronMissing ? { missing: realElectronMissing } : {}) },
]

async function standIn(): Promise<ElectronCarrier> {
  const app = await standInApp()
  const main = async () => (await app.state()).windows.find(({ title }) => title === 'Gatehouse')
  return {
    window: () => app.window(),
    address: async () => (await main())?.url ?? '',
    windowCount: async () => (await app.window()).context().pages().length,
    downloads: async () => (await app.state()).attempts.filter(savedFile).map(({ url }) => url),
    quiet: () => settled(app),
    callAs: async (frame) => callFrom(frame),
    end: () => app.end(),
  }
}

const savedFile = ({ kind, allowed }: { kind: string; allowed: boolean }) => kind === 'download' && allowed

/** A round trip through the page and one through the app: what the page began before them has been decided. */
async function settled(app: StandInApp): Promise<void> {
  const page = await app.window()
  for (let turns = 0; turns < 3; turns += 1) {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))))
    await app.state()
  }
}

/** Runs in the preload's world of a frame that has no preload. */
async function callFrom(frame: Frame): Promise<unknown> {
  const session = await frame.page().context().newCDPSession(frame.page())
  const worlds: { id: number; name: string; frameId: string }[] = []
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = context.auxData as { frameId: string }
    worlds.push({ id: context.id, name: context.name, frameId })
  })
  await session.send('Runtime.enable')
  const { frameTree } = await session.send('Page.getFrameTree')
  const inner = frameTree.childFrames?.at(-1)?.frame.id
  const world = worlds.find(({ name, frameId }) => name === 'electron-preload' && frameId === inner)
  if (!world) throw new Error('the frame has no world beside the page’s')
  const { result } = await session.send('Runtime.evaluate', {
    expression: `standInInvoke('gatehouse:call', 'system.status', undefined)`,
    contextId: world.id,
    awaitPromise: true,
    returnByValue: true,
  })
  return result.value
}
