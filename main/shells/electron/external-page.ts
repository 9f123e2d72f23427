import { shell } from 'electron'
import { inputInvalid } from '../../../shared/errors.ts'

/**
 * Opens the page of a sign-in in the person's own browser. The address came from a server, so nothing but a web page goes
 * to the system: https, or http on this computer (Electron's security checklist, item 15).
 *
 * @throws input.invalid
 */
export async function openPage(address: string): Promise<void> {
  await shell.openExternal(pageOf(address).href)
}

function pageOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const here = url?.protocol === 'http:' && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(url.hostname)
  if (url === undefined || (url.protocol !== 'https:' && !here) || url.username !== '' || url.password !== '')
    throw inputInvalid('This address is no page that Gatehouse opens.')
  return url
}
