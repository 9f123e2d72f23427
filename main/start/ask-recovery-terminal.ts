import { createInterface } from 'node:readline/promises'
import { hidden } from './ask-for-vault.ts'
import type { AskRecovery } from './recover.ts'

const tries = 5

/** The same questions on a terminal. */
export const askOnTerminal: AskRecovery = async (ways, attempt) => {
  const say = (text: string) => process.stderr.write(`${text}\n`)
  say('The keychain holds no keys for this data folder, which is in use. Nothing was changed.')
  for (let left = tries; left > 0; left--) {
    const choice = (
      await asked(
        `${ways.passphrase ? '[p] recovery passphrase, ' : ''}[b] restore a backup, [f] begin anew and set the old data aside, [Enter] leave: `,
      )
    ).toLowerCase()
    if (choice === '') return false
    const file =
      choice === 'b'
        ? await asked(`Backup file${ways.backups.length > 0 ? ` (${ways.backups.join(', ')})` : ''}: `)
        : ''
    const passphrase = choice === 'f' ? '' : await hidden('Recovery passphrase: ')
    const problem =
      choice === 'f'
        ? await attempt({ way: 'fresh' })
        : choice === 'b'
          ? await attempt({ way: 'backup', file, passphrase })
          : await attempt({ way: 'passphrase', passphrase })
    if (problem === undefined) return true
    say(problem)
  }
  return false
}

async function asked(prompt: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true })
  try {
    return (await lines.question(prompt)).trim()
  } finally {
    lines.close()
  }
}
