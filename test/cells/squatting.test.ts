import { expect, it } from 'vitest'
import { mistakenFor } from '../../main/cells/analysis/squatting.ts'

it.each([
  ['@modelcontextprotocol/server-filesytem', '@modelcontextprotocol/server-filesystem'],
  ['@modelcontextprotocoI/server-memory', '@modelcontextprotocol/server-memory'],
  ['@modelcontextprotoco1/server-memory', '@modelcontextprotocol/server-memory'],
  ['modelcontextprotocol-server-github', '@modelcontextprotocol/server-github'],
  ['mcp-remtoe', 'mcp-remote'],
  ['mcp_remote', 'mcp-remote'],
  ['firecrawI-mcp', 'firecrawl-mcp'],
])('takes %s for made to be mistaken for %s', (name, known) => {
  expect(mistakenFor(name)).toBe(known)
})

it.each([
  '@modelcontextprotocol/server-memory',
  'mcp-remote',
  'weather-mcp',
  '@acme/mcp',
  'mcp-server-docker',
  'mcp-proxy',
])('takes %s for itself', (name) => {
  expect(mistakenFor(name)).toBeUndefined()
})

it('knows the packages the person uses', () => {
  expect(mistakenFor('our-own-serve', ['our-own-server'])).toBe('our-own-server')
  expect(mistakenFor('our-own-server', ['our-own-server'])).toBeUndefined()
})
