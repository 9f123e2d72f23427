import { app } from 'electron'
import type { Question } from '../../../shared/contract/approvals.ts'
import type { ApprovalId } from '../../../shared/domain/ids.ts'
import type { Events } from '../../events/events.ts'
import { QuestionNotifications } from './notifications.ts'
import type { GatehouseTray } from './tray.ts'
import type { Windows } from './windows.ts'
import type { ShellWords } from './words.ts'

export interface QuestionSource {
  readonly events: Events
  readonly pending: () => readonly Question[]
  readonly deny: (id: ApprovalId) => void
  readonly words: () => ShellWords
}

/**
 * A question becomes visible at once: in the main window when the person works in it, else in the small window above all
 * others and as a notification. The tray always counts.
 */
export function tellOfQuestions(source: QuestionSource, windows: Windows, tray: GatehouseTray): void {
  const openQuestion = (id: ApprovalId) => void windows.showMain(`#/approvals/${id}`)
  const notifications = new QuestionNotifications({ deny: source.deny, open: openQuestion }, source.words)
  const count = () => tray.pending(source.pending().reduce((sum, question) => sum + question.count, 0))
  const asked = (question: Question) => {
    count()
    if (windows.isMainInFront()) return
    notifications.show(question)
    void windows.showQuestion()
  }
  for (const question of source.pending()) asked(question)
  source.events.on('approvals.asked', asked)
  source.events.on('approvals.settled', ({ id }) => {
    count()
    notifications.settled(id)
    if (source.pending().length === 0) windows.hideQuestion()
  })
  app.on('browser-window-focus', (_event, window) => {
    if (windows.isMain(window)) windows.hideQuestion() // the main window shows the same questions
  })
}
