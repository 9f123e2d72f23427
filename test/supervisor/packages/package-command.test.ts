import { describe, expect, it } from 'vitest'
import { parsePackageCommand, parseSpec } from '../../../main/supervisor/packages/package-command.ts'
import { parsePythonSpec } from '../../../main/supervisor/packages/python-packages.ts'

describe('a package command', () => {
  it.each([
    ['npx', ['-y', '@scope/server', '/folder'], { runner: 'npx', spec: '@scope/server', args: ['/folder'] }],
    ['/usr/bin/npx', ['server@1.2.3', '--flag', '-y'], { runner: 'npx', spec: 'server@1.2.3', args: ['--flag', '-y'] }],
    ['npx.cmd', ['--yes', 'server'], { runner: 'npx', spec: 'server', args: [] }],
    ['npx', ['-p', 'package', 'program', 'a'], { runner: 'npx', spec: 'package', bin: 'program', args: ['a'] }],
    [
      'npx',
      ['--package=package', '--', 'program', 'a'],
      { runner: 'npx', spec: 'package', bin: 'program', args: ['a'] },
    ],
    ['npm', ['exec', '-y', 'server'], { runner: 'npx', spec: 'server', args: [] }],
    ['pnpm', ['dlx', 'server', '-y'], { runner: 'pnpm dlx', spec: 'server', args: ['-y'] }],
    ['pnpm', ['dlx', '--package=a', 'b'], { runner: 'pnpm dlx', spec: 'a', bin: 'b', args: [] }],
    ['pnpx', ['server'], { runner: 'pnpm dlx', spec: 'server', args: [] }],
    ['yarn', ['dlx', '-q', 'server'], { runner: 'yarn dlx', spec: 'server', args: [] }],
    ['bunx', ['--bun', 'server', 'x'], { runner: 'bunx', spec: 'server', args: ['x'] }],
    ['bun', ['x', 'server'], { runner: 'bunx', spec: 'server', args: [] }],
    ['uvx', ['mcp-server-git', '--repository', '/r'], uvx('mcp-server-git', ['--repository', '/r'])],
    ['uv', ['tool', 'run', 'mcp-server-git@1.2'], uvx('mcp-server-git@1.2', [])],
    [
      'uvx',
      ['--from', 'pkg[cli]==1.2', 'prog', '--from', 'x'],
      { ...uvx('pkg[cli]==1.2', ['--from', 'x']), bin: 'prog' },
    ],
    ['uvx', ['--from=pkg', 'prog'], { ...uvx('pkg', []), bin: 'prog' }],
    [
      'uvx',
      ['-p', '3.12', '--with', 'a,b', '--with=c', '--index-url', 'https://i/simple', 'pkg', '-p', 'z'],
      uvx('pkg', ['-p', 'z'], { with: ['a', 'b', 'c'], version: '3.12', index: 'https://i/simple' }),
    ],
  ])('%s %j is understood', (command, args, expected) => {
    expect(parsePackageCommand(command, args)).toEqual(expected)
  })

  it.each([
    ['node', ['server.js']],
    ['npm', ['run', 'x']],
    ['npx', ['-c', 'echo hi']],
    ['npx', []],
    ['pnpm', ['exec', 'x']],
    ['bun', ['run', 'x']],
    ['uv', ['run', 'x']],
    ['uvx', ['--with-editable', '.', 'pkg']],
    ['uvx', ['--index', 'https://other/simple', 'pkg']],
    ['uvx', ['--from']],
  ])('%s %j is none, or not one that can be installed', (command, args) => {
    expect(parsePackageCommand(command, args)).toBeUndefined()
  })
})

function uvx(spec: string, args: readonly string[], python: object = { with: [] }) {
  return { runner: 'uvx', spec, args, python }
}

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

describe('a Python package', () => {
  it.each([
    ['mcp-server-git', 'mcp-server-git', 'mcp-server-git'],
    ['MCP.Server_Git@1.2', 'mcp-server-git', 'MCP.Server_Git==1.2'],
    ['pkg@latest', 'pkg', 'pkg'],
    ['pkg[cli]>=1,<2', 'pkg', 'pkg[cli]>=1,<2'],
  ])('%s comes from an index', (spec, name, requirement) => {
    expect(parsePythonSpec(spec)).toEqual({ name, requirement })
  })

  it.each([
    './x',
    '/x',
    'git+https://x/y',
    'https://x/y.whl',
    'pkg @ https://x/y.whl',
    '-r x',
    '--index-url=x',
    'a b',
    '',
  ])('%j does not', (spec) => {
    expect(parsePythonSpec(spec)).toBeUndefined()
  })
})
