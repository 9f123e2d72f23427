import { Notification } from 'electron'
import type { Question } from '../../../shared/contract/approvals.ts'
import type { ApprovalId } from '../../../shared/domain/ids.ts'

export interface NotificationActions {
  deny(id: ApprovalId): void
  open(id: ApprovalId): void
}

/** Tells of a question outside the window. A notification can deny or open, never allow (DESIGN section 2). */
export class QuestionNotifications {
  readonly #shown = new Map<ApprovalId, Notification>()

  constructor(private readonly actions: NotificationActions) {}

  show(question: Question): void {
    if (!Notification.isSupported() || this.#shown.has(question.id)) return
    const notification = new Notification({
      title: question.title,
      body: question.reasons.join(' '),
      urgency: question.risk === 'high' ? 'critical' : 'normal',
      timeoutType: 'never',
      actions: [{ type: 'button', text: 'Don’t allow' }],
    })
    notification.on('click', () => this.actions.open(question.id))
    notification.on('action', () => this.actions.deny(question.id))
    this.#shown.set(question.id, notification)
    notification.show()
  }

  settled(id: ApprovalId): void {
    this.#shown.get(id)?.close()
    this.#shown.delete(id)
  }
}
