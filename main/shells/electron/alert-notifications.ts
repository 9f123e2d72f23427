import { Notification } from 'electron'
import type { Events } from '../../events/events.ts'
import type { Windows } from './windows.ts'

/** More at once are not read; the oldest goes. */
const mostShown = 20

/**
 * Tells of an alert while the person works elsewhere. A click opens it; a notification decides nothing. The same alert has one
 * notification, which is taken off when it is over and replaced by that word.
 */
export function tellOfAlerts(events: Events, windows: Windows): void {
  /** Kept so that they are not collected while they are on the screen. */
  const shown = new Map<string, Notification>()
  const takeOff = (id: string) => {
    shown.get(id)?.close()
    shown.delete(id)
  }
  events.on('alerts.told', ({ id = 'test', title, text, severity, over }) => {
    takeOff(id)
    if (!Notification.isSupported() || windows.isMainInFront()) return
    const urgency = severity === 'critical' && !over ? 'critical' : 'normal'
    const notification = new Notification({ title, body: text, urgency })
    notification.on('click', () => {
      takeOff(id)
      void windows.showMain(id === 'test' ? '#/health/alerts' : `#/health/alerts/${id}`)
    })
    shown.set(id, notification)
    const [oldest] = shown.keys()
    if (shown.size > mostShown && oldest !== undefined) shown.delete(oldest)
    notification.show()
  })
}
