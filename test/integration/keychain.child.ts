import { openKeyRing } from '../../main/credentials/key-ring.ts'
import { masterKeys } from '../../main/credentials/master-keys.ts'
import { GatehouseError } from '../../shared/errors.ts'

/** Uses the keychain of its session and prints one JSON line: what it found, or the error's code and parameters. */
const [vaultFile = '', verb = ''] = process.argv.slice(2)

async function answer(): Promise<object> {
  const ring = await openKeyRing({ mode: 'system', vaultFile, patienceMs: 2000 })
  switch (verb) {
    case 'make':
      await masterKeys(ring, true)
      await ring.set('secret/mail/TOKEN', Buffer.from('mail-secret'))
      return { kind: ring.kind, rows: (await masterKeys(ring, false)).rows.length }
    case 'read':
      await masterKeys(ring, false)
      return { token: (await ring.get('secret/mail/TOKEN'))?.toString() ?? null }
    default:
      return { removed: [await ring.delete('secret/mail/TOKEN'), await ring.delete('secret/mail/TOKEN')] }
  }
}

const found = await answer().catch((error: unknown) =>
  error instanceof GatehouseError ? { code: error.code, ...error.params } : { crash: String(error) },
)
process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit(0))
