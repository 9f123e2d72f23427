import { inputInvalid } from '../../shared/errors.ts'

/** Names of Gatehouse's own callers; no AI app can be called so. */
export const builtInNames: readonly string[] = ['cli', 'window', 'gatehouse']
const longestName = 64
/** Letters, marks, digits, space and a few signs: nothing invisible, nothing that turns text around. */
const pattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._+@()'-]*$/u

/**
 * The name an AI app is known by, as it may be shown to the person and used as a file name.
 * @throws input.invalid
 */
export function clientName(given: string): string {
  const name = given.normalize('NFC').trim()
  if (name.length > longestName || !pattern.test(name))
    throw inputInvalid("A client name has 1 to 64 letters, digits, spaces or any of . _ + @ ( ) ' -")
  if (builtInNames.includes(name.toLowerCase())) throw inputInvalid(`The name “${name}” is reserved.`)
  return name
}
