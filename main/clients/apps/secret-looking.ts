/** Names people give to what nobody else should know. */
const names =
  /token|secret|passw(or)?d|passphrase|passwd|api[-_]?key|access[-_]?key|private[-_]?key|auth|credential|bearer|cookie|session|signature|webhook|dsn|connection[-_]?string|(^|[-_])(key|pat|pwd|pin)$/i

/** How the keys of well-known services begin, key files, tokens in three parts, and addresses with a password in them. */
const shapes =
  /^(sk|pk|rk)[-_]|^gh[pousr]_|^github_pat_|^glpat-|^xox[abeprs]-|^AKIA|^ASIA|^AIza|^ya29\.|^npm_|^hf_|^pat[A-Z0-9]|^ntn_|^secret_|^eyJ[\w-]+\.|-----BEGIN|:\/\/[^/\s:@]+:[^/\s@]+@|^Bearer\s|^Basic\s/

/** What an app fills in by itself when it starts a server: `${input:key}`, `${env:KEY}`, `${KEY}`, `$KEY`, `{env:KEY}`. */
const reference = /\$\{[^}]+\}|^\$[A-Za-z_]\w*$|^\{env:[^}]+\}$/

/** A value that only the app can resolve; the person has to give Gatehouse the real one. */
export const isReference = (value: string): boolean => reference.test(value)

/** Whether a value should lie in the keychain rather than in a file anybody may read. When unsure: yes. */
export function looksSecret(name: string, value: string): boolean {
  if (value === '' || /^(true|false|\d{1,5})$/i.test(value)) return false
  return names.test(name) || shapes.test(value) || isRandom(value)
}

/** A long word of letters and digits that is no path, address or sentence. */
function isRandom(value: string): boolean {
  if (value.length < 24 || !/^[\w+/=.~-]+$/.test(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false
  if (/^[./~]|^[A-Za-z]:|\.[a-z]{1,4}$/.test(value)) return false
  return bitsPerCharacter(value) > 3.5
}

function bitsPerCharacter(value: string): number {
  const counts = new Map<string, number>()
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits
}
