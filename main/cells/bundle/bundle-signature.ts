import { X509Certificate } from 'node:crypto'
import { getCACertificates } from 'node:tls'
import * as pki from 'pkijs'
import type { BundleSignature } from '../../../shared/contract/bundles.ts'
import { bundleSignatureBroken } from '../../../shared/errors.ts'
import { visible } from '../analysis/texts.ts'
import type { Split } from './split-bundle.ts'

const longestChain = 8
const weakestRsaBits = 2048
const data = '1.2.840.113549.1.7.1'
const codeSigning = '1.3.6.1.5.5.7.3.3'
const commonName = '2.5.4.3'
const organization = '2.5.4.10'
/** SHA-256, SHA-384, SHA-512. */
const strongHashes = ['2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3']

/** Certificates this computer trusts, PEM. */
export const trustedRoots = (): readonly string[] => {
  const system = getCACertificates('system')
  return system.length > 0 ? system : getCACertificates('bundled')
}

/**
 * Whose signature a bundle bears. It must hold for every byte of the archive; who vouches for the signer is said, not
 * judged: a signature widens nothing here.
 * @see RFC 5652 section 5 (CMS), RFC 5280 section 6 (path validation)
 * @throws bundle.signature when it does not hold, or is of a kind that proves nothing
 */
export async function signatureOf(
  { archive, block }: Required<Split>,
  roots: () => readonly string[] = trustedRoots,
  now = new Date(),
): Promise<BundleSignature> {
  const signed = parsed(block)
  const signer = await signerOf(signed, archive)
  const leaf = certificateOf(signer)
  const given = (signed.certificates ?? []).filter((one) => one instanceof pki.Certificate)
  const about = {
    publisher: nameIn(signer.subject),
    issuer: nameIn(signer.issuer),
    fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
    validTo: leaf.validToDate.toISOString(),
  }
  if (leaf.issuer === leaf.subject && leaf.verify(leaf.publicKey)) return { state: 'self-signed', ...about }
  if (leaf.validToDate < now || leaf.validFromDate > now) return { state: 'unvouched', why: 'expired', ...about }
  if (!leaf.keyUsage?.includes(codeSigning)) return { state: 'unvouched', why: 'purpose', ...about }
  const vouched = await isVouchedFor(leaf, given.map(certificateOf), roots(), now)
  return vouched ? { state: 'signed', ...about } : { state: 'unvouched', why: 'issuer', ...about }
}

function parsed(block: Buffer): pki.SignedData {
  try {
    const content = pki.ContentInfo.fromBER(exactly(block))
    return new pki.SignedData({ schema: content.content })
  } catch {
    throw bundleSignatureBroken('its block is no PKCS #7 signature')
  }
}

/** The certificate whose key made the one signature, over exactly these bytes. */
async function signerOf(signed: pki.SignedData, archive: Buffer): Promise<pki.Certificate> {
  const [info, ...others] = signed.signerInfos
  const { eContentType, eContent } = signed.encapContentInfo
  if (!info || others.length > 0) throw bundleSignatureBroken('it has not one signer')
  if (eContent !== undefined || eContentType !== data) throw bundleSignatureBroken('it signs something else')
  if (!info.signedAttrs) throw bundleSignatureBroken('it does not say what it signs')
  if (!strongHashes.includes(info.digestAlgorithm.algorithmId)) throw bundleSignatureBroken('its hash can be forged')
  const found = await signed
    .verify({ signer: 0, data: exactly(archive), extendedMode: true })
    .catch((error: unknown) => {
      throw bundleSignatureBroken((error as Error).message.replace('Error during verification: ', ''))
    })
  if (found.signatureVerified !== true || !found.signerCertificate)
    throw bundleSignatureBroken('the bundle is not what was signed')
  const key = certificateOf(found.signerCertificate).publicKey
  if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < weakestRsaBits)
    throw bundleSignatureBroken('its key can be forged')
  return found.signerCertificate
}

/**
 * Whether a root of this computer vouches for it. The chain is put together here, bounded, since certificates in a bundle
 * may vouch for one another in a circle; what a chain must hold to is then judged by the library.
 */
async function isVouchedFor(
  leaf: X509Certificate,
  given: readonly X509Certificate[],
  roots: readonly string[],
  now: Date,
): Promise<boolean> {
  const trusted = roots.map((pem) => new X509Certificate(pem))
  const issuerAmong = (of: X509Certificate, some: readonly X509Certificate[]) =>
    some.find((one) => one.ca && of.checkIssued(one) && of.verify(one.publicKey))
  const chain = [leaf]
  for (let last = leaf; chain.length < longestChain; ) {
    const root = issuerAmong(last, trusted)
    if (root) return chainHolds(chain, root, now)
    const next = issuerAmong(
      last,
      given.filter((one) => !chain.some(({ fingerprint256 }) => fingerprint256 === one.fingerprint256)),
    )
    if (!next) return false
    chain.push(next)
    last = next
  }
  return false
}

/** @param chain from the signer up, each vouched for by the next */
async function chainHolds(chain: readonly X509Certificate[], root: X509Certificate, now: Date): Promise<boolean> {
  const certs = chain.map(({ raw }) => pki.Certificate.fromBER(exactly(raw)))
  if (certs.some((certificate, above) => above > 0 && mostBelow(certificate) < above - 1)) return false
  const engine = new pki.CertificateChainValidationEngine({
    certs: certs.toReversed(),
    trustedCerts: [pki.Certificate.fromBER(exactly(root.raw))],
    checkDate: now,
  })
  return (await engine.verify()).result
}

/** How many other authorities may stand between this one and the signer. @see RFC 5280 section 4.2.1.9 */
function mostBelow({ extensions = [] }: pki.Certificate): number {
  const basic = extensions.find(({ extnID }) => extnID === pki.id_BasicConstraints)?.parsedValue
  const most = basic instanceof pki.BasicConstraints ? basic.pathLenConstraint : undefined
  return typeof most === 'number' ? most : Number.POSITIVE_INFINITY
}

function certificateOf(certificate: pki.Certificate): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(certificate.toSchema().toBER(false)))
  } catch {
    throw bundleSignatureBroken('one of its certificates is none')
  }
}

function nameIn({ typesAndValues }: pki.RelativeDistinguishedNames): string {
  const of = (wanted: string) => typesAndValues.find(({ type }) => type === wanted)?.value.valueBlock.value
  const names = [of(commonName), of(organization)].filter((name) => typeof name === 'string' && name !== '')
  return visible([...new Set(names)].join(', ')).slice(0, 200)
}

const exactly = (bytes: Buffer): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
