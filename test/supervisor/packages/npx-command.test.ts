import { describe, expect, it } from 'vitest'
import { parseNpx, parseSpec } from '../../../main/supervisor/packages/npx-command.ts'

describe('an npx command', () => {
  it.each([
    ['npx', ['-y', '@scope/server', '/folder'], { spec: '@scope/server', args: ['/folder'] }],
    ['/usr/bin/npx', ['server@1.2.3', '--flag', '-y'], { spec: 'server@1.2.3', args: ['--flag', '-y'] }],
    ['npx.cmd', ['--yes', 'server'], { spec: 'server', args: [] }],
    ['npx', ['-p', 'package', 'program', 'a'], { spec: 'package', bin: 'program', args: ['a'] }],
    ['npx', ['--package=package', '--', 'program', 'a'], { spec: 'package', bin: 'program', args: ['a'] }],
    ['npm', ['exec', '-y', 'server'], { spec: 'server', args: [] }],
  ])('%s %j is understood', (command, args, expected) => {
    expect(parseNpx(command, args)).toEqual(expected)
  })

  it.each([
    ['node', ['server.js']],
    ['npm', ['run', 'x']],
    ['npx', ['-c', 'echo hi']],
    ['npx', []],
  ])('%s %j is none, or not one that can be installed', (command, args) => {
    expect(parseNpx(command, args)).toBeUndefined()
  })
})

describe('a package', () => {
  it.each([
    ['server', { name: 'server', version: 'latest' }],
    ['@scope/server@^1.2', { name: '@scope/server', version: '^1.2' }],
    ['server@next', { name: 'server', version: 'next' }],
  ])('%s comes from the registry', (spec, expected) => {
    expect(parseSpec(spec)).toEqual(expected)
  })

  it.each([
    './x',
    '/x',
    '../x',
    'x/y',
    'github:x/y',
    'git+https://x/y',
    'https://x/y.tgz',
    'file:x',
    'x@npm:y',
    '--global',
    '-g',
    'x y',
    '',
    '@x',
    'x@https://y',
  ])('%j does not', (spec) => {
    expect(parseSpec(spec)).toBeUndefined()
  })
})
