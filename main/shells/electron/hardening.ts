import { app, type Session, session } from 'electron'
import { appOrigin } from './sender.ts'

/**
 * What no window of this app may ever do, whatever a page tries: Electron's security checklist items 5 (permissions),
 * 11 and 12 (webview), 13 (navigation), 14 (new windows), 15 (openExternal: `external-page.ts` alone).
 */
export function hardenEveryWindow(): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Denies every permission, device and request that leaves the window's own scheme. */
export function hardenSession(own: Session = session.defaultSession): void {
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  own.setPermissionCheckHandler(() => false)
  own.setDevicePermissionHandler(() => false)
  own.setSpellCheckerEnabled(false)
  own.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !details.url.startsWith(`${appOrigin}/`) && !details.url.startsWith('data:image/') })
  })
  own.on('will-download', (event) => event.preventDefault())
}
