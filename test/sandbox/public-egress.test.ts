import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { PublicEgress } from '../../main/sandbox/public-egress.ts'
import type { RefusedHost } from '../../main/sandbox/sandbox.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-egress-'))
const socket = join(folder, 'out.sock')
const refused: RefusedHost[] = []
const names: Readonly<Record<string, readonly string[]>> = {
  'rebinding.example.org': ['127.0.0.1'],
  'both.example.org': ['93.184.215.14', '10.0.0.1'],
  'metadata.example.org': ['169.254.169.254'],
}
const egress = new PublicEgress(
  (one) => refused.push(one),
  async (host) => {
    const found = names[host]
    if (!found) throw new Error('unknown name')
    return found.map((address) => ({ address }))
  },
)

beforeAll(() => egress.listen(socket))
afterAll(async () => {
  await egress.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  refused.length = 0
})

const status = (request: string) =>
  new Promise<string>((done, failed) => {
    const client = connect(socket, () => client.write(`${request}\r\n\r\n`))
    client.once('data', (data) => {
      client.destroy()
      done(String(data).split('\r\n')[0] ?? '')
    })
    client.once('error', failed)
    client.once('end', () => failed(new Error('closed')))
  })
const tunnel = (target: string) => status(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}`)

it.each([
  '127.0.0.1:80',
  '127.1:80',
  '0x7f000001:80',
  '2130706433:80',
  '0177.0.0.1:80',
  '[::1]:80',
  '[::ffff:127.0.0.1]:80',
  'localhost:80',
  '10.0.0.1:80',
  '169.254.169.254:80',
  'rebinding.example.org:80',
  'both.example.org:443',
  'metadata.example.org:80',
  '8.8.8.8:25',
])('refuses %s and says who it was', async (target) => {
  expect(await tunnel(target)).toBe('HTTP/1.1 403 Forbidden')
  expect(refused).toHaveLength(1)
})

it.each(['http://127.0.0.1/', 'http://localhost:8080/x', 'http://rebinding.example.org/'])(
  'refuses a plain request to %s',
  async (url) => {
    expect(await status(`GET ${url} HTTP/1.1\r\nHost: x`)).toContain('403')
  },
)

it.each(['user@host:1', 'host/path:1', ':1', 'host:0', 'host:99999'])(
  'refuses the malformed target %s',
  async (target) => {
    expect(await tunnel(target)).toMatch(/ 40[03] /)
  },
)

it('does not count a name nobody knows as refused', async () => {
  expect(await tunnel('unknown.example.org:443')).toContain('403')
  expect(refused).toEqual([])
})
