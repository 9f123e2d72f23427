import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const require = createRequire(import.meta.url)
const config = parse(readFileSync('electron-builder.yml', 'utf8')) as { electronFuses: Record<string, boolean> }
const { validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as {
  validateConfiguration(config: unknown, log: { isEnabled: boolean; add(): void }): Promise<void>
}
const silent = { isEnabled: false, add: () => {} }

it('is a configuration electron-builder accepts', async () => {
  await expect(validateConfiguration(config, silent)).resolves.toBeUndefined()
  await expect(validateConfiguration({ ...config, surprise: 1 }, silent)).rejects.toThrow(/surprise/)
})

it('turns off every fuse that would make the app a general-purpose Node', () => {
  expect(config.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
  })
})

it('keeps registry hosts out of the lock file', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved":/)
})
