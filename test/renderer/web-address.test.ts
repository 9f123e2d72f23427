import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readAddress } from '../../renderer/features/approvals/web-address.ts'

it.each([
  ['https://example.com/sign-in?x=1', 'example.com', 'example.com', []],
  ['https://accounts.example.co.uk/', 'accounts.example.co.uk', 'example.co.uk', []],
  ['https://shop.example.com.ro/a', 'shop.example.com.ro', 'example.com.ro', []],
  ['http://example.com/', 'example.com', 'example.com', ['plain']],
  ['https://bank.com@evil.example/', 'evil.example', 'evil.example', ['userinfo']],
  ['https://bank.com%2fsign-in@evil.example/', 'evil.example', 'evil.example', ['userinfo']],
  ['https://xn--pple-43d.com/', 'xn--pple-43d.com', 'xn--pple-43d.com', ['letters']],
  ['https://аpple.com/', 'xn--pple-43d.com', 'xn--pple-43d.com', ['letters', 'other']],
  ['https://bank.com.evil.example/', 'bank.com.evil.example', 'evil.example', ['nested']],
  ['https://www.bank-com.evil.example/', 'www.bank-com.evil.example', 'evil.example', ['nested']],
  ['https://bank-com.example/', 'bank-com.example', 'bank-com.example', ['nested']],
  ['https://93.184.216.34/', '93.184.216.34', '93.184.216.34', ['number']],
  ['https://0x7f.1/', '127.0.0.1', '127.0.0.1', ['number', 'local', 'other']],
  ['http://[::1]:8080/', '[::1]', '[::1]', ['plain', 'number', 'local', 'port']],
  ['https://printer.local/', 'printer.local', 'printer.local', ['local']],
  ['https://router/', 'router', 'router', ['local']],
  ['https://example.com:8443/', 'example.com', 'example.com', ['port']],
  ['https:\\\\evil.example\\bank.com', 'evil.example', 'evil.example', ['other']],
  ['ftp://example.com/', 'example.com', 'example.com', ['scheme']],
  ['javascript:alert(1)', '', '', ['scheme']],
  ['not an address', '', '', ['unreadable']],
] as const)('reads %s as what a browser would open, and names what misleads', (text, host, owner, misleading) => {
  const read = readAddress(text)
  expect({ host: read.host, owner: read.owner, misleading: read.misleading }).toEqual({ host, owner, misleading })
})

it('leaves nothing of an address out', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, size: 'small' }), (text) => {
      const { before, host, after } = readAddress(text)
      expect(before + host + after).toBe(new URL(text).href)
      expect(host).toBe(new URL(text).hostname)
    }),
    { numRuns: 50 },
  )
})
