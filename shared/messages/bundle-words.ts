import type { BundleSignature } from '../contract/bundles.ts'
import { bundleWords as en } from './en/bundles.ts'
import { fill, type Language } from './messages.ts'
import { bundleWords as ro } from './ro/bundles.ts'

/** Whose signature a bundle bears, in the person's language. */
export function signatureSentence(signature: BundleSignature, language: Language): string {
  const words = language === 'ro' ? ro : en
  if (signature.state === 'unsigned') return words['bundle.signature.unsigned']
  const key =
    signature.state === 'unvouched'
      ? (`bundle.signature.unvouched.${signature.why}` as const)
      : (`bundle.signature.${signature.state}` as const)
  return fill(words[key], signature)
}
