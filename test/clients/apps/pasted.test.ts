import { expect, it } from 'vitest'
import { pastedServers } from '../../../main/clients/apps/pasted.ts'

const shapes = (text: string) => pastedServers(text).map(({ name, kind, command, url }) => [name, kind, command || url])

it.each([
  ['a whole file', '{ "theme": 1, "mcpServers": { "git": { "command": "uvx", "args": ["mcp-server-git"] } } }'],
  ['with comments and a trailing comma', '// mine\n{ "mcpServers": { "git": { "command": "uvx", }, }, }'],
  ['VS Code’s', '{ "servers": { "git": { "type": "stdio", "command": "uvx" } }, "inputs": [] }'],
  ['VS Code’s settings', '{ "mcp": { "servers": { "git": { "command": "uvx" } } } }'],
  ['the table alone', '{ "git": { "command": "uvx" } }'],
  ['a member without its braces', '"git": { "command": "uvx" }'],
  ['a member without its braces, with a comma', '"git": { "command": "uvx" },\n'],
  ['Codex’s TOML', '[mcp_servers.git]\ncommand = "uvx"\nargs = ["mcp-server-git"]\n'],
  ['YAML', 'extensions:\n  git:\n    cmd: uvx\n'],
  ['a list', '{ "mcpServers": [ { "name": "git", "command": "uvx" } ] }'],
])('reads %s', (_, text) => {
  expect(shapes(text)).toEqual([['git', 'command', 'uvx']])
})

it('reads an address with its headers, and one server alone', () => {
  const [one] = pastedServers('{ "url": "https://mcp.example.com/mcp", "headers": { "Authorization": "Bearer abc" } }')
  expect(one).toMatchObject({ name: 'pasted', kind: 'url', headers: { Authorization: 'Bearer abc' } })
})

it.each([
  ['', /No server/],
  ['{}', /No server/],
  ['[1, 2]', /./],
  ['{ "mcpServers": 3 }', /No server/],
  ['{ "mcpServers": { "a": { "command": "x" }', /JSON: line 1/],
  ['hello there', /./],
  ['[mcp_servers.a]\ncommand = "x', /TOML: line 2/],
])('says what is wrong with %s', (text, problem) => {
  expect(() => pastedServers(text)).toThrow(
    expect.objectContaining({ params: { problem: expect.stringMatching(problem) } }),
  )
})

it('never repeats what was pasted', () => {
  for (const text of ['a: [b\nTOKEN: "hunter2', '[mcp_servers.a.env]\nTOKEN = hunter2 x', '{ "TOKEN": hunter2 }'])
    expect(() => pastedServers(text)).toThrow(
      expect.objectContaining({ params: { problem: expect.not.stringContaining('hunter2') } }),
    )
})

it('takes no member of Object for a server', () => {
  expect(() => pastedServers('{ "mcpServers": { "__proto__": { "command": "x" } } }')).not.toThrow(TypeError)
  expect(Object.getPrototypeOf({})).toBe(Object.prototype)
})
