import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Certificate and private key, paths of PEM files. */
export interface Signer {
  readonly certificate: string
  readonly key: string
}
export interface SignerKind {
  readonly name: string
  /** Who vouches for it; itself when absent. */
  readonly by?: Signer
  /** Lines of an OpenSSL extension section. */
  readonly extensions: readonly string[]
  /** Options of `openssl req` for its key; RSA with 2048 bits when absent. */
  readonly key?: readonly string[]
}

export const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign']
export const lastAuthority = ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign,cRLSign']
export const codeSigner = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=codeSigning',
]
export const webServer = ['basicConstraints=critical,CA:FALSE', 'extendedKeyUsage=serverAuth']

/** Makes certificates that hold ten days and PKCS #7 blocks with the OpenSSL of this computer. @param folder for their files */
export function codeSigners(folder: string) {
  let count = 0
  const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const file = (ending: string) => join(folder, `${count++}.${ending}`)
  return {
    signer({ name, by, extensions, key = ['-newkey', 'rsa:2048'] }: SignerKind): Signer {
      const made: Signer = { certificate: file('pem'), key: file('key') }
      const issuer = by ? ['-CA', by.certificate, '-CAkey', by.key] : []
      openssl(
        ...['req', '-x509', '-nodes', ...key, '-subj', `/O=Tests/CN=${name}`, '-out', made.certificate],
        ...['-keyout', made.key, '-days', '10', ...issuer, ...extensions.flatMap((line) => ['-addext', line])],
      )
      return made
    },
    /** A PKCS #7 block over these bytes. @param words further options of `openssl cms -sign` */
    block(bytes: Buffer, by: Signer, others: readonly Signer[] = [], words: readonly string[] = []): Buffer {
      const [content, chain] = [file('bin'), file('pem')]
      writeFileSync(content, bytes)
      writeFileSync(chain, others.map(({ certificate }) => readFileSync(certificate, 'utf8')).join('\n'))
      const more = others.length > 0 ? ['-certfile', chain] : []
      return openssl(
        ...['cms', '-sign', '-binary', '-in', content, '-outform', 'DER', '-signer', by.certificate, '-inkey', by.key],
        ...more,
        ...words,
      )
    },
    fingerprint: ({ certificate }: Signer): string =>
      openssl('x509', '-in', certificate, '-noout', '-fingerprint', '-sha256')
        .toString()
        .replace(/^.*=|:|\s/g, '')
        .toLowerCase(),
  }
}

/** Block behind archive, as the MCPB format lays it out. */
export function withBlock(archive: Buffer, block: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(block.length)
  return Buffer.concat([archive, Buffer.from('MCPB_SIG_V1'), length, block, Buffer.from('MCPB_SIG_END')])
}
