import { bundleSignatureBroken } from '../../../shared/errors.ts'

const header = Buffer.from('MCPB_SIG_V1')
const footer = Buffer.from('MCPB_SIG_END')
const endOfArchive = Buffer.from('PK\x05\x06', 'latin1')
const endOfArchiveBytes = 22
const largestBlock = 256 * 1024

/** The archive of a bundle, and the PKCS #7 block behind it. */
export interface Split {
  readonly archive: Buffer
  readonly block?: Buffer
}

/**
 * @see MCPB, “Signing”: MCPB_SIG_V1, the block's length (32 bits, little-endian), a PKCS #7 block in DER, MCPB_SIG_END.
 * Some signers declare all that as the archive's comment after signing; it is signed, and read, without that.
 * @throws bundle.signature when there are signs of a block that is none
 */
export function splitSigned(whole: Buffer): Split {
  if (!whole.subarray(-footer.length).equals(footer)) return { archive: whole }
  const at = whole.lastIndexOf(header)
  const from = at + header.length + 4
  const to = whole.length - footer.length
  if (at < 0 || from > to || whole.readUInt32LE(from - 4) !== to - from || to - from > largestBlock)
    throw bundleSignatureBroken('its block is not whole')
  return { archive: withoutComment(whole.subarray(0, at), whole.length - at), block: whole.subarray(from, to) }
}

function withoutComment(archive: Buffer, commentBytes: number): Buffer {
  const end = archive.lastIndexOf(endOfArchive)
  if (end < 0 || end + endOfArchiveBytes !== archive.length) return archive
  if (archive.readUInt16LE(archive.length - 2) !== commentBytes) return archive
  const plain = Buffer.from(archive)
  plain.writeUInt16LE(0, plain.length - 2)
  return plain
}
