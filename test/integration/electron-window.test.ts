import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ElectronCarrier, electronCarriers } from '../support/electron-carriers.ts'

/** What a page may ask of Gatehouse, as the preload gives it. */
interface Api {
  readonly gatehouse: { call(channel: string, input?: unknown): Promise<Record<string, unknown>> }
}
type ApiWindow = Window & Api

describe.each(electronCarriers)('the window under $title', ({ start, missing }) => {
  let app: ElectronCarrier
  let page: Page
  beforeAll(async () => {
    if (missing) return
    app = await start()
    page = await app.window()
    await page.getByRole('heading').first().waitFor()
  })
  afterAll(() => app?.end())

  describe.skipIf(missing)(missing ?? 'its page', () => {
    it('comes from app://gatehouse with a policy that allows no unsafe source', async () => {
      expect(await app.address()).toMatch(/^app:\/\/gatehouse\/#\//)
      const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'))
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
    })

    it('runs no script that was put into it, and makes none from text', async () => {
      const outcome = await page.evaluate(async () => {
        const violated = new Promise<string>((resolve) =>
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
            once: true,
          }),
        )
        const script = document.createElement('script')
        script.append(document.createTextNode('window.injected = true'))
        document.head.append(script)
        const evaluated = await new Promise<string>((resolve) =>
          setTimeout(() => {
            try {
              // biome-ignore lint/security/noGlobalEval: the policy must refuse it
              globalThis.eval('1')
              resolve('ran')
            } catch (error) {
              resolve((error as Error).name)
            }
          }),
        )
        return { directive: await violated, evaluated, injected: 'injected' in window }
      })
      expect(outcome).toEqual({
        directive: expect.stringMatching(/script-src|trusted-types/),
        evaluated: 'EvalError',
        injected: false,
      })
    })

    it('sees two functions of Gatehouse and nothing of Node, Electron or the preload', async () => {
      const reached = await page.evaluate(() => {
        const names = 'require process module exports Buffer global ipcRenderer contextBridge electron __dirname'.split(
          ' ',
        )
        const { gatehouse } = window as unknown as { gatehouse: Record<string, unknown> }
        return {
          globals: [...names, 'standInSend', 'standInInvoke', 'standInEmit'].filter((name) => name in window),
          members: Object.entries(gatehouse).map(([name, member]) => `${name}: ${typeof member}`),
          ownFunction: gatehouse.call instanceof Function,
        }
      })
      expect(reached.globals).toEqual([])
      expect(reached.members).toEqual(['shell: string', 'call: function', 'on: function'])
      expect(reached.ownFunction).toBe(true)
    })

    it('cannot replace what the preload gave it', async () => {
      const replaced = await page.evaluate(() => {
        const { gatehouse } = window as unknown as { gatehouse: { call: unknown } }
        const call = gatehouse.call
        try {
          gatehouse.call = () => 'mine'
        } catch {}
        try {
          Object.defineProperty(window, 'gatehouse', { value: {} })
        } catch {}
        return (window as unknown as { gatehouse: { call: unknown } }).gatehouse.call !== call
      })
      expect(replaced).toBe(false)
    })

    it('gets answers to calls of the contract, and one clear refusal to anything else', async () => {
      const call = (channel: string, input?: unknown) =>
        page.evaluate(([name, given]) => (window as unknown as ApiWindow).gatehouse.call(name as string, given), [
          channel,
          input,
        ] as const)
      expect(await call('system.status')).toMatchObject({ ok: true, value: { ready: true, shell: 'electron' } })
      expect(await call('system.nothing')).toMatchObject({ ok: false, error: { code: 'input.invalid' } })
      expect(await call('approvals.decide', { id: 7 })).toMatchObject({ ok: false, error: { code: 'input.invalid' } })
      expect(await call('__proto__.call')).toMatchObject({ ok: false, error: { code: 'input.invalid' } })
    })

    it('gives frames inside it nothing', async () => {
      const frame = await emptyFrame()
      expect(await frame.evaluate(() => 'gatehouse' in window)).toBe(false)
      const { callAs } = app
      if (callAs) expect(await callAs(frame)).toMatchObject({ ok: false, error: { code: 'operator.required' } })
    })

    it.each([
      ['a link to the web', () => location.assign('https://example.com/')],
      ['a link to another host of its own scheme', () => location.assign('app://elsewhere/')],
      ['a file', () => location.assign('file:///etc/passwd')],
      ['a script address', () => location.assign('javascript:document.write(1)')],
      ['data', () => location.assign('data:text/html,hello')],
    ])('does not go to %s', async (_what, leave) => {
      await page.evaluate(leave).catch(() => undefined)
      await app.quiet()
      expect(await app.address()).toMatch(/^app:\/\/gatehouse\/#\//)
      expect(await page.getByRole('heading').first().isVisible()).toBe(true)
    })

    it('opens no second window, by script or by link', async () => {
      const before = await app.windowCount()
      const opened = await page.evaluate(() => {
        const link = Object.assign(document.createElement('a'), { href: 'https://example.com/', target: '_blank' })
        document.body.append(link)
        link.click()
        link.remove()
        return window.open('https://example.com/')?.closed
      })
      expect(opened ?? true).toBeDefined()
      await app.quiet()
      await expect.poll(() => app.windowCount()).toBe(before) // the stand-in closes what Electron would not open
    })

    it('reaches no address but its own', async () => {
      const reached = await page.evaluate(async () => {
        const tries = ['https://example.com/', 'http://127.0.0.1:9/', 'http://gatehouse.example/', 'file:///etc/passwd']
        const outcomes = await Promise.all(
          tries.map((url) =>
            fetch(url).then(
              () => url,
              () => undefined,
            ),
          ),
        )
        return outcomes.filter(Boolean)
      })
      expect(reached).toEqual([])
    })

    it('saves no file', async () => {
      await page.evaluate(() => {
        const link = Object.assign(document.createElement('a'), { href: './gatehouse.svg', download: 'saved.svg' })
        document.body.append(link)
        link.click()
        link.remove()
      })
      await app.quiet()
      expect(await app.downloads()).toEqual([])
    })

    it('is denied camera, place and notifications', async () => {
      const states = await page.evaluate(async () => {
        const names = ['camera', 'geolocation', 'notifications'] as PermissionName[]
        const found = await Promise.all(names.map((name) => navigator.permissions.query({ name })))
        return found.map(({ state }) => state).filter((state) => state === 'granted')
      })
      expect(states).toEqual([])
      const located = await page.evaluate(
        () =>
          new Promise((resolve) =>
            navigator.geolocation.getCurrentPosition(
              () => resolve('found'),
              (error) => resolve(error.code),
              { timeout: 2_000 },
            ),
          ),
      )
      expect(located).not.toBe('found')
    })
  })

  async function emptyFrame(): Promise<Frame> {
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.name = 'inner'
      document.body.append(frame)
    })
    const frame = page.frame('inner')
    if (!frame) throw new Error('no frame was made')
    return frame
  }
})
