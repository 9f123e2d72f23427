import { afterAll, beforeAll, describe, it } from 'vitest'
import { type StandInApp, standInApp } from '../support/electron-stand-in/stand-in-app.ts'

let app: StandInApp
beforeAll(async () => {
  app = await standInApp()
})
afterAll(() => app.end())

describe('the window', () => {
  it('shows the built renderer', async () => {
    const page = await app.window()
    await page.getByRole('heading').first().waitFor()
  })
})
