import { describe, expect, it } from 'vitest'
import { changedRemote, changePlanOf } from '../../../main/supervisor/remote/remote-change.ts'
import { remoteConfigOf } from '../../../main/supervisor/remote/remote-plan.ts'
import type { EpochMs, ServerName } from '../../../shared/domain/ids.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import type { GatehouseError } from '../../../shared/errors.ts'

const name = 'far' as ServerName
const from = 'http://localhost:4000/mcp'
const headers = [{ name: 'Authorization', scheme: 'Bearer', secret: 'TOKEN' }]
const server: ServerConfig = {
  ...remoteConfigOf({ name, url: from, transport: 'http', headers, trusted: true }, 5 as EpochMs),
  running: { retry: true },
}

describe('a change of where a remote server leads', () => {
  it('keeps what is not named: headers, their secrets by name, and how it is spoken to', () => {
    const { origin, secretNames, trusted } = changedRemote(server, { name, from, privateNetwork: true })
    expect(origin).toEqual({ ...server.origin, privateNetwork: true })
    expect([secretNames, trusted]).toEqual([['TOKEN'], true])
  })

  it('says what was and what would be, where the secrets go from then on, and that trust ends at another origin', async () => {
    const change = { name, from, url: 'http://localhost:5000/mcp' }
    expect(changedRemote(server, change).trusted).toBe(false)
    const plan = await changePlanOf(server, change, {})
    expect(plan.changes).toEqual([
      `Address: ${from} → http://localhost:5000/mcp`,
      'Spoken to by: http → detect',
      'Your secrets TOKEN go to localhost:5000 from then on.',
      'Its tools are asked about again: you trusted another server.',
    ])
    expect(plan.mayGo.join()).toContain('to localhost:5000 only')
  })

  it('that allows TLS 1.2 says so, keeps the pin, and can be taken back', async () => {
    const pin = `${'b'.repeat(43)}=`
    const pinned = remoteConfigOf(
      { name, url: 'https://far.example/', transport: 'http', headers: [], tls: { pin } },
      5 as EpochMs,
    )
    const change = { name, from: 'https://far.example/', tls: { tls12: true } }
    const looser = { ...pinned, ...changedRemote(pinned, change) }
    expect(looser.origin).toMatchObject({ tls: { pin, tls12: true } })
    const plan = await changePlanOf(pinned, change, {})
    expect(plan.changes).toEqual(['Oldest TLS: 1.3 → 1.2'])
    expect(plan.warnings.join()).toContain('It may use TLS 1.2')
    expect(changedRemote(looser, { ...change, tls: { tls12: false } }).origin).toEqual(pinned.origin)
  })

  it('of the path alone keeps the trust', () => {
    expect(changedRemote(server, { name, from, url: 'http://localhost:4000/v2' }).trusted).toBe(true)
  })

  it('names the headers that come and go, never a value', async () => {
    const other = [{ name: 'X-Key', secret: 'KEY' }]
    const { changes } = await changePlanOf(server, { name, from, headers: other }, {})
    expect(changes).toEqual(['Headers: Authorization=Bearer secret:TOKEN → X-Key=secret:KEY'])
    expect(changedRemote(server, { name, from, headers: other }).secretNames).toEqual(['KEY'])
  })

  it.each([
    [{ from: 'http://localhost:1/mcp' }, `leads to ${from} by now`],
    [{ from, url: 'http://example.com/' }, 'only https://'],
    [{ from, url: 'https://user:pass@example.com/' }, 'no user and no password'],
    [{ from, headers: [{ name: 'Mcp-Session-Id', secret: 'A' }] }, 'cannot be a header'],
  ])('is refused for %o', (change, words) => {
    const refused = () => changedRemote(server, { name, ...change })
    expect(refused).toThrow('input.invalid')
    try {
      refused()
    } catch (error) {
      expect((error as GatehouseError).params.problem).toContain(words)
    }
  })

  it('is refused for a server that runs here', () => {
    const local = { ...server, origin: { kind: 'command', command: 'node', args: [] } } as unknown as ServerConfig
    expect(() => changedRemote(local, { name, from })).toThrow('input.invalid')
  })
})

describe('the pin of a remote server’s key', () => {
  const base64 = (first: string) => `${first}${'A'.repeat(42)}=`
  const pinOf = (pin: string) => {
    const { origin } = remoteConfigOf(
      { name, url: 'https://far.example', headers: [], transport: 'http', tls: { pin } },
      5 as EpochMs,
    )
    return origin.kind === 'remote' ? origin.tls?.pin : undefined
  }

  it.each(['b', '/', '+'])('that begins with %s is read as browsers and curl write it, and alone', (first) => {
    const pin = base64(first)
    expect(['sha256/', 'sha256//', ''].map((before) => pinOf(`${before}${pin}`))).toEqual([pin, pin, pin])
  })

  it.each(['sha1/AAAA', 'sha256/AAAA=', `sha256///${base64('b')}`])('%s is refused', (pin) => {
    expect(() => pinOf(pin)).toThrow('input.invalid')
  })
})
