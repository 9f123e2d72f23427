import type { KeyObject } from 'node:crypto'
import { checkedHead } from './head.ts'
import { linesOfFile, type RawLine } from './journal-reader.ts'
import { fingerprintOf, publicKeyFrom } from './public-key.ts'
import { type CheckedHead, type Verification, verifyExport } from './verify-journal.ts'

export const signedHeadMark = '{"signedHead":'

/** What can be said of an exported log with nothing but the file, and whose key signed its end. */
export interface FileVerification extends Verification {
  /** Fingerprint of the key that signed the end of the log. */
  readonly signedBy?: string
  /** False: the key was taken from the file itself, so compare its fingerprint with `gatehouse audit public-key`. */
  readonly keyWasGiven: boolean
}

/** @throws Error when the file cannot be read */
export async function verifyFile(file: string, given?: KeyObject): Promise<FileVerification> {
  let signed: string | undefined
  async function* entries(): AsyncGenerator<RawLine> {
    for await (const line of linesOfFile(file)) {
      const text = line.bytes.toString('latin1', 0, signedHeadMark.length)
      if (text === signedHeadMark) signed = line.bytes.toString()
      else yield line
    }
  }
  let key: KeyObject | undefined
  const verification = await verifyExport(entries(), () => {
    const found = read(signed, given)
    key = found.key
    return found
  })
  return { ...verification, keyWasGiven: given !== undefined, ...(key ? { signedBy: fingerprintOf(key) } : {}) }
}

function read(signed: string | undefined, given: KeyObject | undefined): CheckedHead & { readonly key?: KeyObject } {
  if (signed === undefined)
    return given ? { problem: 'nobody signed its end, so what followed may have been cut off' } : {}
  try {
    const { signedHead, publicKey } = JSON.parse(signed) as { signedHead: object; publicKey: string }
    const key = given ?? publicKeyFrom(publicKey)
    const head = checkedHead(JSON.stringify(signedHead), key)
    return head ? { head, key } : { problem: 'its end was not signed by this key' }
  } catch {
    return { problem: 'the signature at its end cannot be read' }
  }
}
