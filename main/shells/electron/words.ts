import type { Language } from '../../../shared/messages/messages.ts'

/** What the shell itself says outside its windows: in the tray and on notifications. */
export interface ShellWords {
  readonly waiting: (count: number) => string
  readonly nothingWaits: string
  readonly open: string
  readonly quit: string
  readonly deny: string
}

/** Romanian numbers from 20 on take “de”, but for those that end in 01 to 19. */
const takesDe = (count: number) => count % 100 === 0 || count % 100 >= 20

const words: Readonly<Record<Language, ShellWords>> = {
  en: {
    waiting: (count) => (count === 1 ? '1 question waits' : `${count} questions wait`),
    nothingWaits: 'No question waits',
    open: 'Open Gatehouse',
    quit: 'Quit Gatehouse',
    deny: 'Don’t allow',
  },
  ro: {
    waiting: (count) =>
      count === 1 ? 'O întrebare așteaptă' : `${count}${takesDe(count) ? ' de' : ''} întrebări așteaptă`,
    nothingWaits: 'Nicio întrebare nu așteaptă',
    open: 'Deschide Gatehouse',
    quit: 'Închide Gatehouse',
    deny: 'Nu permite',
  },
}

export const shellWords = (language: Language): ShellWords => words[language]
