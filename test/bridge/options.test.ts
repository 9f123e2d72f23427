import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readOptions } from '../../main/bridge/options.ts'

it('without any option the bridge is an unnamed client of the usual data folder and starts the app', () => {
  expect(readOptions([], { GATEHOUSE_HOME: '/data' })).toEqual({
    client: 'mcp-client',
    home: resolve('/data'),
    start: true,
  })
})

it('every option is taken', () => {
  const given = ['--client', 'editor', '--workspace', 'work', '--server', 'notes', '--home', 'here', '--no-start']
  expect(readOptions(given, { GATEHOUSE_HOME: '/data' })).toEqual({
    client: 'editor',
    workspace: 'work',
    server: 'notes',
    home: resolve('here'),
    start: false,
  })
})

it.each([[['--unknown']], [['--client']], [['something']]])('%j is answered with the usage', (args) => {
  expect(() => readOptions(args, {})).toThrow(/Usage: gatehouse-bridge/)
})
