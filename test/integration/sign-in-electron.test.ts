import { afterAll, beforeAll, expect, it } from 'vitest'
import { type StandInApp, standInApp } from '../support/electron-stand-in/stand-in-app.ts'
import { SignInService } from '../support/sign-in-service.ts'

let app: StandInApp
let service: SignInService

beforeAll(async () => {
  service = await new SignInService().start()
  app = await standInApp({ env: {} })
})
afterAll(async () => {
  await app?.end()
  await service?.stop()
})

it('opens the page of a sign-in in the person’s own browser, and no window of its own', async () => {
  const added = await app.operator('servers', 'add', 'files', '--url', service.mcpUrl, '--yes')
  expect(added, added.err).toMatchObject({ code: 0 })
  const windows = (await app.state()).windows.length
  const begun = await app.operator('servers', 'login', 'files', '--no-wait', '--json')
  expect(begun, begun.err).toMatchObject({ code: 0 })
  const { url } = JSON.parse(begun.out) as { url: string }
  const { opened, windows: after } = await app.state()
  expect(opened).toEqual([url])
  expect(after.length).toBe(windows)
  await SignInService.browse(url)
  await expect.poll(async () => (await app.cli('servers', 'sign-ins')).out).toMatch(/files\s+signed in/)
})
