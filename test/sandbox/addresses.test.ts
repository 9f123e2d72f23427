import { describe, expect, it } from 'vitest'
import { isLocalName, isPrivateAddress } from '../../main/sandbox/addresses.ts'

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '127.255.0.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '[::1]',
    'fe80::1%eth0',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::ffff:0:127.0.0.1',
    'not-an-address',
    '',
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '::ffff:8.8.8.8',
    '2002:808:808::',
  ])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  })
})

describe('a name', () => {
  it.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'x.localhost',
    'printer',
    'nas.local',
    'metadata.google.internal',
    'router.lan',
    '127.0.0.1',
    '[::1]',
  ])('%s is local', (name) => {
    expect(isLocalName(name)).toBe(true)
  })
  it.each(['example.org', 'api.local.example.org', 'localhost.example.org', '8.8.8.8'])('%s is not', (name) => {
    expect(isLocalName(name)).toBe(false)
  })
})
