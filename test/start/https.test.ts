import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect, type SecureVersion, TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shownCertificate } from '../../main/gateway/shown-certificate.ts'
import type { McpEndpoint } from '../../main/shells/mcp-endpoint.ts'
import { startHttps } from '../../main/start/https.ts'
import { type AnApp, anApp } from '../compose/an-app.ts'
import { anAuthority, type Certificate } from '../support/remote-servers/certificates.ts'

let app: AnApp
let authority: ReturnType<typeof anAuthority>
let https: McpEndpoint | undefined
beforeEach(async () => {
  app = await anApp()
  authority = anAuthority()
  https = undefined
})
afterEach(async () => {
  await https?.close()
  authority.remove()
  await app.end()
})

const set = (what: 'certificate' | 'key', content: string) => {
  const file = join(app.folder, what)
  writeFileSync(file, content)
  app.base.config.set(`https.${what}`, file)
}

describe('the HTTPS endpoint', () => {
  it.each([
    ['certificate', 'https.certificate is set, but https.key is not'],
    ['key', 'https.key is set, but https.certificate is not'],
  ] as const)('says what is missing when only its %s is set', async (what, said) => {
    set(what, '')
    expect(await startHttps(app)).toBeUndefined()
    expect(app.base.notices).toContainEqual(expect.stringContaining(said))
    app.base.settings.change({ language: 'ro' })
    await startHttps(app)
    expect(app.base.notices.at(-1)).toContain('nu a fost deschis')
  })

  it('says nothing when neither is set', async () => {
    const before = app.base.notices.length
    expect(await startHttps(app)).toBeUndefined()
    expect(app.base.notices).toHaveLength(before)
  })

  describe('with a certificate of its own', () => {
    beforeEach(async () => {
      const own = authority.issue('localhost')
      set('certificate', own.cert)
      set('key', own.key)
      https = await startHttps(app)
    })

    const tls = (shown?: Certificate) => ({
      host: '127.0.0.1',
      port: Number(new URL(https?.httpUrl ?? '').port),
      ca: authority.cert,
      servername: 'localhost',
      minVersion: 'TLSv1.3' as SecureVersion,
      ...(shown && { cert: shown.cert, key: shown.key }),
    })

    async function refusal(shown?: Certificate) {
      const asked = request({ ...tls(shown), path: '/mcp', method: 'POST', agent: false }).end('{}')
      const [answer] = await once(asked, 'response')
      return [answer.statusCode, JSON.parse(await text(answer)).error.message]
    }

    it('says whether a key is missing or the certificate shown is not good', async () => {
      expect(await refusal()).toEqual([401, expect.stringContaining('An API key is needed')])
      expect(await refusal(authority.issue('stranger'))).toEqual([401, expect.stringContaining('unknown or revoked')])
      const late = authority.issue('late', ['-days', '-1'])
      expect(await refusal(late)).toEqual([401, expect.stringContaining('out of date')])
      const said = app.base.audit.list({ limit: 20 }).entries.map(({ summary }) => summary)
      expect(said).toContain('Someone showed a certificate that is unknown or revoked')
      expect(said).toContain('Someone showed a certificate that is out of date')
    })

    it('sees no certificate at a connection that is gone', async () => {
      const socket = connect(tls())
      await once(socket, 'secureConnect')
      expect(shownCertificate(socket)?.fingerprint).toMatch(/^[0-9A-F:]{95}$/)
      socket.destroy()
      await once(socket, 'close')
      expect(socket).toBeInstanceOf(TLSSocket)
      expect(shownCertificate(socket)).toBeUndefined()
    })
  })
})
