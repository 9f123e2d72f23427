import { expect, it } from 'vitest'
import { underTodaysNames } from '../../main/gateway/old-names.ts'

const request = (method: string, params?: object) => ({ jsonrpc: '2.0', id: 1, method, ...(params ? { params } : {}) })

it.each([
  ['execute_tool', { tool_name: 'a', tool_arguments: { b: 1 } }, 'tools/call', { name: 'a', arguments: { b: 1 } }],
  ['execute_tool', { name: 'a' }, 'tools/call', { name: 'a', arguments: {} }],
  ['tools/call', { tool_name: 'a', _meta: {} }, 'tools/call', { name: 'a', arguments: {}, _meta: {} }],
  ['list_tools', undefined, 'tools/list', {}],
  ['list_resources', { cursor: 'c' }, 'resources/list', { cursor: 'c' }],
  ['get_resource', { resource_uri: 'a:b' }, 'resources/read', { uri: 'a:b' }],
  ['get_resource', { uri: 'a:b' }, 'resources/read', { uri: 'a:b' }],
])('says %s %j in today’s words', (method, params, now, said) => {
  expect(underTodaysNames(request(method, params))).toEqual(request(now, said))
})

it.each([
  request('tools/call', { name: 'a', arguments: { tool_name: 'b' } }),
  request('toString'),
  request('__proto__'),
  { jsonrpc: '2.0', id: 1, result: {} },
  null,
  [],
])('leaves %j alone', (message) => {
  expect(underTodaysNames(message)).toBeUndefined()
})
