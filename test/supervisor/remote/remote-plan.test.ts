import { describe, expect, it } from 'vitest'
import { mayConnect, remoteAddress } from '../../../main/supervisor/remote/address.ts'
import { remoteOriginOf, remotePlanOf } from '../../../main/supervisor/remote/remote-plan.ts'
import type { RemoteDraft } from '../../../shared/contract/remote.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'

const draft = (url: string, more: Partial<RemoteDraft> = {}): RemoteDraft => ({
  name: 'far' as ServerName,
  url,
  transport: 'detect',
  headers: [],
  ...more,
})
const reasonFor = (refused: () => unknown): string => {
  try {
    refused()
  } catch (error) {
    return (error as { params: { problem: string } }).params.problem
  }
  return 'nothing was refused'
}

describe('an address', () => {
  it.each([
    ['http://mcp.example.com/', 'only https://'],
    ['ws://mcp.example.com/', 'only https://'],
    ['http://8.8.8.8/', 'only https://'],
    ['file:///etc/passwd', 'starts with https://'],
    ['https://a:b@mcp.example.com/', 'no user and no password'],
    ['https://mcp.example.com/#x', 'ends before the “#”'],
    ['mcp.example.com', 'no address'],
  ])('%s is refused', (url, words) => {
    expect(reasonFor(() => remoteAddress(url))).toContain(words)
  })

  it.each<[string, boolean, Record<string, boolean>]>([
    [
      'https://mcp.example.com/',
      false,
      {
        '93.184.216.34': true,
        '127.0.0.1': false,
        '10.0.0.1': false,
        '169.254.169.254': false,
        '::1': false,
        '::ffff:10.0.0.1': false,
        'fe80::1': false,
      },
    ],
    ['https://mcp.example.com/', true, { '93.184.216.34': true, '10.0.0.1': true }],
    ['http://nas.local/', false, { '192.168.1.5': true, '93.184.216.34': false }],
    ['https://nas.local/', false, { '192.168.1.5': true, '93.184.216.34': true }],
    ['http://localhost/', false, { '127.0.0.1': true, '::1': true, '192.168.1.5': false, '93.184.216.34': false }],
    ['http://[::1]/', false, { '::1': true, '10.0.0.1': false }],
    ['https://127.evil.example/', false, { '127.0.0.1': false, '93.184.216.34': true }],
  ])('%s (private network: %s) leads where it may', (url, privateNetwork, addresses) => {
    const remote = remoteAddress(url, privateNetwork)
    const found = Object.fromEntries(Object.keys(addresses).map((address) => [address, mayConnect(remote, address)]))
    expect(found).toEqual(addresses)
  })
})

describe('a draft', () => {
  it.each<[string, Partial<RemoteDraft>, string]>([
    ['a header of the connection', { headers: [{ name: 'Host', secret: 'A' }] }, 'cannot be a header'],
    ['a header of MCP', { headers: [{ name: 'Mcp-Session-Id', secret: 'A' }] }, 'cannot be a header'],
    ['a header with a line end', { headers: [{ name: 'X\r\nY', secret: 'A' }] }, 'cannot be a header'],
    [
      'a header twice',
      {
        headers: [
          { name: 'X-A', secret: 'A' },
          { name: 'x-a', secret: 'B' },
        ],
      },
      'named twice',
    ],
    ['a pin that is none', { tls: { pin: 'abc' } }, 'SHA-256'],
    ['a certificate that is none', { tls: { authorities: 'abc' } }, 'PEM'],
    [
      'a certificate file with its key',
      { tls: { authorities: '-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----' } },
      'private key',
    ],
  ])('with %s is refused', (_name, more, words) => {
    expect(reasonFor(() => remoteOriginOf(draft('https://mcp.example.com/', more)))).toContain(words)
  })

  it('is shown with its address, host, headers, and what is not as safe as it could be', async () => {
    const headers = [{ name: 'X-Key', secret: 'KEY' }]
    const plan = await remotePlanOf(draft('http://127.0.0.1:9/mcp', { headers, trusted: true }), {
      HTTPS_PROXY: 'http://p',
    })
    expect(plan).toMatchObject({
      url: 'http://127.0.0.1:9/mcp',
      host: '127.0.0.1:9',
      addresses: ['127.0.0.1'],
      headerNames: ['X-Key'],
      secretNames: ['KEY'],
    })
    expect(plan.mayGo.join(' ')).toContain('The connection is not encrypted')
    expect(plan.warnings.join(' ')).toMatch(/without asking you.*the proxy in HTTPS_PROXY is not used/)
  })
})
