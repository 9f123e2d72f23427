/** Why an index or registry can't be used whose address holds a password. */
export const passwordIn = (host: string): string =>
  `the address of ${host}, where its package comes from, holds a password, which other programs could read while it installs; such addresses can’t be used yet`

/**
 * An installer would carry a password in an address where every program of this computer reads it: in its arguments.
 * @returns why this index or registry can't be used
 */
export const passwordProblem = ({ username, password, host }: URL): string | undefined =>
  username === '' && password === '' ? undefined : passwordIn(host)

/** Whether a text of a package command holds a user or password in an address; the user of ssh is no secret. */
export const holdsPassword = (text: string): boolean => /(?<!ssh):\/\/[^/?#\s]*@/.test(text)
