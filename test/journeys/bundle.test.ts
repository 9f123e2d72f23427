import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signMcpbFile } from '@anthropic-ai/mcpb/node'
import { strToU8, zipSync } from 'fflate'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChangingServer } from '../support/changing-server.ts'
import { codeSigner, codeSigners } from '../support/code-signers.ts'
import { Journey, shells } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'

const manifest = {
  manifest_version: '0.3',
  name: 'sums',
  version: '1.0.0',
  description: 'Adds.',
  author: { name: 'Ana' },
  user_config: {
    unit: { type: 'string', title: 'Unit', description: 'What is added', required: true },
    key: { type: 'string', title: 'Service key', description: 'Of your account', sensitive: true },
  },
  server: {
    type: 'node',
    entry_point: 'server.js',
    mcp_config: {
      command: 'node',
      args: [`\${__dirname}/server.js`, `\${user_config.unit}`],
      env: { SERVICE_KEY: `\${user_config.key}` },
    },
  },
}

describe.each(shells())('a server from an MCP bundle (%s)', (shell) => {
  let journey: Journey
  let page: Page
  let server: ChangingServer
  let signed: string
  let changed: string

  beforeAll(async () => {
    journey = await Journey.begin(shell)
    server = new ChangingServer(join(journey.place, 'made'))
    const files = { 'manifest.json': JSON.stringify(manifest), 'server.js': readFileSync(server.file, 'utf8') }
    const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)])
    signed = join(journey.place, 'sums.mcpb')
    changed = join(journey.place, 'changed.mcpb')
    writeFileSync(signed, zipSync(Object.fromEntries(entries), { level: 0 }))
    const ana = codeSigners(journey.place).signer({ name: 'Ana', extensions: codeSigner })
    signMcpbFile(signed, ana.certificate, ana.key)
    const other = readFileSync(signed).toString('latin1').replace('Adds two numbers', 'Adds few numbers')
    writeFileSync(changed, Buffer.from(other, 'latin1'))
    page = await journey.window('#/servers')
    await page.getByRole('button', { name: 'Add a server' }).click()
    await dialog().getByRole('button', { name: 'Add from a bundle file' }).click()
  })
  afterAll(() => journey.end())

  const dialog = () => page.getByRole('dialog').last()
  const lookInto = async (file: string) => {
    await dialog().getByLabel('Name', { exact: true }).fill('sums')
    await dialog().getByLabel('Bundle file').fill(file)
    await dialog().getByLabel('Sandbox').selectOption('No sandbox') // it notes what it does beside itself
    await dialog().getByRole('button', { name: 'Look into the file' }).click()
  }

  it('is not opened where it was changed after it was signed', async () => {
    await lookInto(changed)
    await page.getByText('The signature of this bundle does not hold').first().waitFor()
    expect(server.did).toEqual([])
  })

  it('is shown with who signed it, asks for its settings, and answers AI apps once it is added', async () => {
    await lookInto(signed)
    await dialog().getByText('signed by its maker alone, who calls itself “Ana, Tests”').waitFor()
    await dialog().getByLabel('Unit').fill('apples')
    await dialog().getByLabel('Service key').fill('planted-service-key')
    await dialog().getByRole('button', { name: 'Show what would run now' }).click()
    await dialog().getByText('packages/sums/server.js apples').waitFor()
    await keepPicture(page, `bundle-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    expect(server.did).toEqual([])
    await dialog().getByRole('button', { name: 'Add and start it' }).click()
    const card = page.getByRole('dialog', { name: 'sums', exact: true })
    await journey.proveIfAsked(page, card)
    await card.getByText('Trial run').waitFor()
    await journey.app.operator('servers', 'review', 'sums', '--accept')
    await journey.app.operator('permissions', 'allow', '--client', 'editor', '--tool', 'sums__add')
    const editor = await journey.pairedApp('editor')
    expect(await editor.call('sums__add')).toEqual({ isError: false, text: 'done' })
    expect((await journey.app.operator('secrets', 'list', '--json')).out).toMatch(/SERVICE_KEY/)
  })
})
