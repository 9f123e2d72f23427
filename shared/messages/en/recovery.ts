/** What the window says when its records were changed behind its back, and about the ways back. */
export const recoveryWords = {
  'integrity.title': 'The database was changed outside Gatehouse',
  'integrity.text':
    'Nothing is allowed until you decide. Restore a backup, or keep what is left: what you allowed is then held for your review, servers are switched off, and what you denied stays denied. Gatehouse stops and has to be started again.',
  'integrity.accept': 'Keep what is left',
  'integrity.accepted': 'Gatehouse stops now. Start it again.',
  'integrity.held.title': 'Allowed before, held for your review',
  'integrity.held.hint': 'These come from a database nobody can vouch for. They allow nothing until you say so again.',
  'integrity.release': 'Allow again',
  'integrity.drop': 'Forget',
} as const
