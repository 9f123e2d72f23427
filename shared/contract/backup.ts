import { z } from 'zod'
import { call } from './define.ts'
import { epochMs } from './shapes.ts'

const passphrase = z.string().min(8).max(1024)
const path = z.string().min(1).max(4096)
const copy = z.object({ file: z.string(), madeAt: epochMs, sizeBytes: z.number().int() })

export const backup = {
  /** Backups in the data folder, newest first, and whether there is a recovery passphrase to make one under. */
  list: call(
    z.void(),
    z.object({
      passphraseSet: z.boolean(),
      backups: z.array(copy),
      /** The database alone, as the version before left it: the way back after an update, for thirty days. */
      beforeUpdates: z.array(copy),
    }),
    { verb: 'status' },
  ),
  /** Sets the recovery passphrase, or another one: earlier backups stay under theirs. */
  setPassphrase: call(z.object({ passphrase }), z.void(), { verb: 'changes', widens: true }),
  create: call(z.object({ file: path.optional() }), z.object({ file: z.string(), sizeBytes: z.number().int() }), {
    verb: 'contents',
  }),
  /** Puts a backup in the place of the database and ends the app; what it allowed is held for review. */
  restore: call(
    z.object({ file: path, passphrase }),
    z.object({ held: z.number().int(), switchedOff: z.array(z.string()), revoked: z.array(z.string()) }),
    { verb: 'changes', widens: true },
  ),
} as const
