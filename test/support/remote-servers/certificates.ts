import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly cert: string
  readonly key: string
  /** base64 SHA-256 of its public key. */
  readonly pin: string
}

/** An authority made for one test, with openssl. */
export function anAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-ca-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority')
  let count = 0
  return {
    cert: read('ca.pem'),
    /** @param dates how long it holds, as openssl takes it */
    issue: (name: string, dates: readonly string[] = ['-days', '2']): Certificate => {
      const file = `leaf-${++count}`
      writeFileSync(join(folder, `${file}.ext`), `subjectAltName=DNS:${name}\n`)
      openssl('req', ...newKey, '-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', `/CN=${name}`)
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${file}.ext`]
      openssl('x509', '-req', '-in', `${file}.csr`, '-out', `${file}.pem`, ...signed, ...dates)
      const cert = read(`${file}.pem`)
      const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
      return { cert, key: read(`${file}.key`), pin: createHash('sha256').update(spki).digest('base64') }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
