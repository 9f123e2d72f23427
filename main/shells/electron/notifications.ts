import { Notification } from 'electron'
import type { Question } from '../../../shared/contract/approvals.ts'
import type { ApprovalId } from '../../../shared/domain/ids.ts'
import type { ShellWords } from './words.ts'

export interface NotificationActions {
  deny(id: ApprovalId): void
  open(id: ApprovalId): void
}

/**
 * Tells of a question outside the window. A notification can deny or open, never allow (DESIGN section 2); closing it answers
 * nothing. It shows no arguments, because it may stand on a locked screen.
 */
export class QuestionNotifications {
  /** Kept so that they are not collected while they are on the screen. */
  readonly #shown = new Map<ApprovalId, Notification>()

  constructor(
    private readonly actions: NotificationActions,
    private readonly words: () => ShellWords,
  ) {}

  show(question: Question): void {
    if (!Notification.isSupported() || this.#shown.has(question.id)) return
    const notification = new Notification({
      title: question.title,
      body: question.reasons.join(' '),
      urgency: question.risk === 'high' ? 'critical' : 'normal',
      timeoutType: 'never',
      actions: [{ type: 'button', text: this.words().deny }],
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
