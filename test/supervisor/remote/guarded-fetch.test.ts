import { describe, expect, it } from 'vitest'
import { guardedFetch } from '../../../main/supervisor/remote/guarded-fetch.ts'
import type { RemoteOrigin } from '../../../shared/domain/remote.ts'

const origin = (url: string, privateNetwork = false): RemoteOrigin => ({
  kind: 'remote',
  url,
  transport: 'http',
  headers: [],
  ...(privateNetwork ? { privateNetwork } : {}),
})
const short = { patienceMs: 2_000, longestBytes: 1000 }
const internet = guardedFetch(origin('https://mcp.example/mcp'), short)
const network = guardedFetch(origin('https://mcp.corp.example/mcp', true), short)
const here = guardedFetch(origin('http://127.0.0.1:9/mcp'), short)

const refused = /does not go to|none, or not encrypted/

describe('what a server’s sign-in may lead to', () => {
  it.each([
    'https://127.0.0.1/token',
    'https://localhost:8443/token',
    'https://[::1]/token',
    'https://10.0.0.7/token',
    'https://192.168.1.1/token',
    'https://169.254.169.254/latest/meta-data',
    'https://[fe80::1]/token',
    'https://[fd00::1]/token',
    'https://printer.local/token',
    'https://[::ffff:10.0.0.1]/token',
    'https://0x7f000001/token',
    'http://login.example/token',
    'file:///etc/passwd',
    'data:application/json,{}',
    'ws://login.example/',
    'https://user:password@login.example/token',
    'not a url',
  ])('is never %s for a server on the internet', async (url) => {
    await expect(internet(url)).rejects.toThrow(/does not go to|none, or not encrypted|leads to/)
  })

  it('is never this computer for a server of a private network', async () => {
    await expect(network('https://127.0.0.1/token')).rejects.toThrow(refused)
    await expect(network('http://login.corp.example/token')).rejects.toThrow(refused)
  })

  it('is this computer for a server of this computer, also without encryption', async () => {
    await expect(here('http://127.0.0.1:9/token')).rejects.toThrow(/nothing answers/)
    await expect(here('http://10.0.0.7/token')).rejects.toThrow(refused)
  })
})
