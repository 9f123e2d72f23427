import { expect, it } from 'vitest'
import { forwardTarget, liesWithin } from '../../main/sandbox/forward-target.ts'

it.each([
  ['localhost:5432', 'localhost', 'this computer'],
  ['db.localhost:5432', 'db.localhost', 'this computer'],
  ['127.1:5432', '127.0.0.1', 'this computer'],
  ['0x7f000001:5432', '127.0.0.1', 'this computer'],
  ['[::1]:5432', '::1', 'this computer'],
  ['[::ffff:127.0.0.1]:5432', '127.0.0.1', 'this computer'],
  ['LOCALHOST.:5432', 'localhost', 'this computer'],
  ['192.168.1.5:445', '192.168.1.5', 'local network'],
  ['[fd00::5]:445', 'fd00::5', 'local network'],
  ['nas.lan:445', 'nas.lan', 'local network'],
  ['printer:631', 'printer', 'local network'],
  ['db.example.com:5432', 'db.example.com', 'internet'],
  ['8.8.8.8:53', '8.8.8.8', 'internet'],
])('passes %s on', (named, host, reach) => {
  expect(forwardTarget(named)).toMatchObject({ named, host, reach })
})

it.each([
  'localhost',
  '*.example.com:5432',
  'api.example.com:443',
  '169.254.169.254:80',
  '[fe80::1]:80',
  '0.0.0.0:80',
  '[::]:80',
  '224.0.0.1:80',
  '255.255.255.255:80',
  'localhost:3128',
  'localhost:0',
  'localhost:70000',
  'user@localhost:80',
  'localhost:80/path',
])('does not pass %s on', (named) => {
  expect(forwardTarget(named)).toBeUndefined()
})

it('keeps a name where it belongs', () => {
  expect(liesWithin('127.0.0.1', 'local network')).toBe(false)
  expect(liesWithin('::ffff:127.0.0.1', 'local network')).toBe(false)
  expect(liesWithin('169.254.169.254', 'local network')).toBe(false)
  expect(liesWithin('10.0.0.5', 'internet')).toBe(false)
  expect(liesWithin('93.184.215.14', 'local network')).toBe(false)
  expect(liesWithin('10.0.0.5', 'local network')).toBe(true)
})
