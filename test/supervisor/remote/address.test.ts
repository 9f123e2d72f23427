import { expect, it } from 'vitest'
import { mayConnect, remoteAddress } from '../../../main/supervisor/remote/address.ts'

it.each([
  ['http://127.0.0.1:1/', 'here'],
  ['http://0.0.0.0:1/', 'here'],
  ['http://[::ffff:127.0.0.1]:1/', 'here'],
  ['http://[::]:1/', 'here'],
  ['http://2130706433/', 'here'],
  ['http://some.localhost/', 'here'],
  ['http://192.168.1.5/', 'nearby'],
  ['https://example.org/', 'internet'],
])('knows where %s lies: %s', (url, place) => {
  expect(remoteAddress(url).place).toBe(place)
})

it('leads from the network into this computer only by its own host name, and from the internet into neither', () => {
  const nearby = remoteAddress('http://printer.local/')
  expect(nearby.place).toBe('nearby')
  expect(mayConnect(nearby, '192.168.1.5')).toBe(true)
  expect(mayConnect(nearby, '127.0.1.1')).toBe(true)
  for (const address of ['127.0.0.1', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '93.184.216.34'])
    expect(mayConnect(nearby, address)).toBe(false)
  const internet = remoteAddress('https://example.org/')
  for (const address of ['127.0.0.1', '127.0.1.1', '::ffff:7f00:1', '192.168.1.5', '169.254.169.254'])
    expect(mayConnect(internet, address)).toBe(false)
  expect(mayConnect(internet, '93.184.216.34')).toBe(true)
})
