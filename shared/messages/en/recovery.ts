/** What the window says when its records were changed behind its back, and about the ways back. */
export const recoveryWords = {
  'integrity.title': 'The database was changed outside Gatehouse',
  'integrity.text':
    'Nothing is allowed until you decide. Restore a backup, or keep what is left: what you allowed is then held for your review, servers are switched off, and what you denied stays denied. Gatehouse stops and has to be started again.',
  'integrity.unread': 'Whether the records are as Gatehouse left them could not be read.',
  'integrity.accept': 'Keep what is left',
  'integrity.restore': 'Restore a backup',
  'integrity.accepted': 'Gatehouse stops now. Start it again.',
  'integrity.held.title': 'Allowed before, held for your review',
  'integrity.held.hint': 'These come from a database nobody can vouch for. They allow nothing until you say so again.',
  'integrity.release': 'Allow again',
  'integrity.drop': 'Forget',
} as const

/** The page for an empty keychain. */
export const recoveryPageWords = {
  title: 'The keychain holds no keys for this data folder',
  text: 'The folder is in use, but its keys are gone from the keychain. Without them nothing in it can be read or trusted, so Gatehouse did not start. Nothing was changed. Choose how to go on:',
  passphraseTitle: 'Bring the keys back',
  passphraseText:
    'With the recovery passphrase you set. Secrets of servers and pairings of AI apps have to be set up again.',
  backupTitle: 'Restore a backup',
  backupText: 'Brings back the database, the keys and the secrets. What is there now is set aside, not deleted.',
  freshTitle: 'Begin anew',
  freshText: 'With an empty Gatehouse. What is there now is set aside in the data folder, not deleted.',
  passphrase: 'Recovery passphrase',
  file: 'Backup file',
  bringBack: 'Bring the keys back',
  restore: 'Restore',
  sure: 'Set everything aside and begin with an empty Gatehouse',
  beginAnew: 'Begin anew',
  done: 'Done. Gatehouse is starting; you can close this page.',
} as const
