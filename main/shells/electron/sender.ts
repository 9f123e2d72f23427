import type { IpcMainInvokeEvent, WebContents } from 'electron'

/** The address of the window's own page. */
export const appOrigin = 'app://gatehouse'

/** Whether a message comes from the top frame of our own page in one of our windows (Electron security checklist, 17). */
export function isOwnPage(
  { sender, senderFrame }: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  own: readonly WebContents[],
): boolean {
  if (!senderFrame || senderFrame !== sender.mainFrame) return false
  if (senderFrame.origin !== appOrigin || !senderFrame.url.startsWith(`${appOrigin}/`)) return false
  return own.includes(sender)
}
