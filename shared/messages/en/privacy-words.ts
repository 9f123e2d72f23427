import type { KeptReason, PersonalStoreName } from '../../domain/privacy.ts'

/** Where data of a person is kept, why, how long; why something stays. */
export const privacyStores: Readonly<Record<PersonalStoreName, { name: string; why: string; retention: string }>> = {
  audit: {
    name: 'Audit log',
    why: 'Proof of what AI apps did on this computer: your legitimate interest in security.',
    retention:
      'Contents 7 years, 2 years with personal data, unless you set it otherwise; then only a tombstone stays.',
  },
  memory: {
    name: 'Memory',
    why: 'You or your AI apps asked for it to be remembered: your own use.',
    retention: 'Until it is forgotten or erased.',
  },
  questions: {
    name: 'Questions and answers',
    why: 'To show what you were asked and what you answered: your own use.',
    retention: '90 days.',
  },
  answers: {
    name: 'Counts of your answers',
    why: 'To offer you a rule in place of many equal questions: your own use.',
    retention: 'The latest 20 000.',
  },
  rules: {
    name: 'Rules and remembered answers',
    why: 'You set or remembered them: your own use.',
    retention: 'Until they end or are revoked.',
  },
  tasks: {
    name: 'Long calls',
    why: 'So that an AI app can fetch the answer: your own use.',
    retention: 'A day, unless you set it otherwise.',
  },
  flow: {
    name: 'What sessions read and sent',
    why: 'So that private data does not leave unasked: your legitimate interest in security.',
    retention: 'As long as the session.',
  },
  incidents: {
    name: 'Incidents and reports on servers',
    why: 'To repair servers: your legitimate interest in security.',
    retention: '30 days; reports until the next one.',
  },
  logs: {
    name: 'Log files',
    why: 'To find faults: your legitimate interest in security.',
    retention: 'Until they are turned over by size.',
  },
  settings: {
    name: 'What you set up',
    why: 'Servers, apps, folders and names you chose: your own use.',
    retention: 'Until you change it.',
  },
}

export const keptWords: Readonly<Record<KeptReason, string>> = {
  sentence: 'A name in a plain sentence of the log, which its chain covers. It stays.',
  'open-question': 'A question that is still open, or whose answer was not used yet. Answer it, then ask again.',
  'running-task': 'A call that is still running. Wait for it or cancel it, then ask again.',
  'own-rule': 'A rule of yours. Change it under Permissions.',
  'own-setting': 'Something you set up. Change it where you set it.',
  backup: 'A backup is sealed and cannot be searched. Delete it, and make a new one.',
  'set-aside': 'A damaged database that was moved away. Delete it when you do not need it any more.',
  packages: 'Files of installed servers, which Gatehouse does not read. Look yourself.',
  failed: 'It could not be erased, or not be looked for again. If the disk is full, make room; then erase once more.',
}
