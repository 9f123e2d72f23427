import { describe, expect, it } from 'vitest'
import { ownServer } from '../../main/catalog/own-entries.ts'
import { originOf } from '../../main/supervisor/origin.ts'
import { planOf } from '../../main/supervisor/plan.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

const planned = (command: string, args: string[], more: Partial<ServerConfig> = {}) =>
  planOf(
    { ...ownServer, trusted: false, sandbox: 2, origin: originOf(command, args), ...more },
    ['its own folder'],
    undefined,
  )

describe('what a person is shown before a server first runs', () => {
  it('is the exact command with every word that needs it quoted, and the file that would run', () => {
    const plan = planned('sh', ['-c', "echo 'a b'; rm -rf x"])
    expect(plan.command).toBe(`sh -c 'echo '\\''a b'\\''; rm -rf x'`)
    expect(plan.resolvedExecutable).toMatch(/\/sh$/)
    expect(plan.warnings.join()).toContain('It is a shell')
  })

  it.each<[string, string, string[], Partial<ServerConfig>, string]>([
    ['containers', 'docker', ['run', 'x'], {}, 'cannot confine'],
    ['inline code', 'node', ['-e', 'x'], {}, 'program text given on the command line'],
    ['no sandbox', 'node', ['x.js'], { sandbox: 0 }, 'without a sandbox'],
    ['nothing there', '/nowhere/at-all', [], {}, 'was not found'],
    ['trust', 'node', ['x.js'], { trusted: true }, 'without asking you'],
  ])('warns of %s', (_what, command, args, more, part) =>
    expect(planned(command, args, more).warnings.join(' ')).toContain(part),
  )

  it('names environment values and secrets without showing them', () => {
    const plan = planned('node', ['x.js'], { env: { B: 'value' }, secretNames: ['A'] })
    expect(plan.environmentNames).toEqual(['A', 'B'])
    expect(JSON.stringify(plan)).not.toContain('value')
  })
})
