import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { GatehouseApp, root } from '../support/gatehouse-app.ts'
import { runCommand } from '../support/run-command.ts'

const memory = join(root, 'node_modules', '@modelcontextprotocol', 'server-memory', 'dist', 'index.js')
let app: GatehouseApp

beforeAll(async () => {
  app = await GatehouseApp.start()
})
afterAll(() => app?.end())

it('grades a server in its sandbox from the command line, once the person confirmed it', async () => {
  const command = [process.execPath, memory]
  const options = ['--sandbox', '3', '--allow-path', `${root}:ro`, '--yes']
  await app.ask('servers', 'add', 'notes', ...options, '--', ...command)
  const shown = await app.operator('servers', 'inspect', 'notes', '--grade')
  expect(shown).toMatchObject({ code: 0 })
  expect(shown.out).toMatch(/^notes: grade [AB], \d+ of 100\nspeaks 2025-11-25/)
  expect(shown.out).toContain('✓ Introduces itself when it is started')

  const report = await app.ask('servers', 'inspect', 'notes', '--grade')
  expect(report).toMatchObject({ server: 'notes', grade: expect.stringMatching(/^[AB]$/) })
  expect((report.sections as { section: string }[]).map(({ section }) => section)).toEqual([
    'initialization',
    'messages',
    'errors',
    'negotiation',
    'tools',
    'resources',
    'prompts',
  ])
  const { entries } = await app.ask('audit', 'list')
  expect((entries as { action: string }[]).filter(({ action }) => action === 'server.grade')).toHaveLength(2)
  expect((entries as { action: string }[]).some(({ action }) => action === 'tools/call')).toBe(false)

  const refused = await runCommand(app.home, ['servers', 'inspect', 'notes', '--grade', '--json'])
  expect(refused).toMatchObject({ code: 1 }) // it starts a program: the person confirms it
})
