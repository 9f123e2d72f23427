import type { BundleCell, BundleSignature } from '../contract/bundles.ts'
import { bundleWords as en } from './en/bundles.ts'
import { fill, type Language } from './messages.ts'
import { bundleWords as ro } from './ro/bundles.ts'

/** Whose signature a bundle bears, in the person's language. @param cell of the manifest inside */
export function signatureSentence(
  signature: BundleSignature,
  language: Language,
  cell?: Pick<BundleCell, 'state'>,
): string {
  const words = language === 'ro' ? ro : en
  if (signature.state === 'unsigned')
    return words[cell?.state === 'trusted' ? 'bundle.signature.inside' : 'bundle.signature.unsigned']
  const key =
    signature.state === 'unvouched'
      ? (`bundle.signature.unvouched.${signature.why}` as const)
      : (`bundle.signature.${signature.state}` as const)
  return fill(words[key], signature)
}

/** Whose signature the manifest inside bears. */
export const cellSentence = ({ state, key }: BundleCell, language: Language): string =>
  fill((language === 'ro' ? ro : en)[`bundle.cell.${state}`], { key })
