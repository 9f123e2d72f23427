import type { BundleCell } from '../../../shared/contract/bundles.ts'
import { manifestFile } from '../../../shared/wire/cell-files.ts'
import { judgeManifest } from '../registration.ts'
import type { TrustRoots } from '../trust.ts'
import { type OpenBundle, readEntry, refused } from './open-bundle.ts'

const largest = 16 * 1024 ** 2
const states = {
  'signature.good': 'trusted',
  'signature.unknown-key': 'unknown-key',
  'signature.wrong': 'wrong',
  'signature.malformed': 'malformed',
} as const

/**
 * Whose signature the manifest inside bears, which the registration will go by; undefined where none is signed. Whether
 * the files are those it names is not looked at.
 * @throws input.invalid when it is damaged or far too large
 */
export async function cellIn(
  { zip, files }: Pick<OpenBundle, 'zip' | 'files'>,
  trust: Pick<TrustRoots, 'find'>,
): Promise<BundleCell | undefined> {
  const entry = files.find(({ fileName }) => fileName === manifestFile)
  if (!entry) return undefined
  if (entry.uncompressedSize > largest) throw refused(`its ${manifestFile} is larger than 16 MB`)
  const { reason, params } = judgeManifest((await readEntry(zip, entry)).toString('utf8'), trust).report
  return isOfSignature(reason) ? { state: states[reason], key: params.key ?? '' } : undefined
}

const isOfSignature = (reason: string): reason is keyof typeof states => reason in states
