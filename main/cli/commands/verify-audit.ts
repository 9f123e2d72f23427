import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Cli } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'

export interface VerifyOptions {
  readonly from?: number
  readonly to?: number
  readonly publicKey?: string
}

interface Verdict {
  readonly valid: boolean
  readonly sentence: string
}
interface FileVerdict extends Verdict {
  readonly signedBy?: string
  readonly keyWasGiven: boolean
}

/** The running app's log, or a part of it. */
export async function verifyLog({ app, out }: Cli, { from, to, publicKey }: VerifyOptions): Promise<number> {
  if (publicKey !== undefined) throw new WrongUsage('--public-key goes with the file of an exported log.')
  const verdict = await app.api.audit.verify({ ...(from ? { from } : {}), ...(to ? { to } : {}) })
  out.result(verdict, () => out.line(verdict.sentence, verdict.valid ? 'green' : 'red'))
  return verdict.valid ? exitCodes.done : exitCodes.failed
}

/** An exported log, by a program of its own: no running Gatehouse, no keychain, no data folder. */
export async function verifyExported({ out, terminal }: Cli, file: string, options: VerifyOptions): Promise<number> {
  if (options.from !== undefined || options.to !== undefined)
    throw new WrongUsage('A file is verified as a whole; --from and --to go with the running log.')
  const inFolder = (path: string) => resolve(terminal.surroundings.workingFolder, path)
  const args = [inFolder(file), ...(options.publicKey === undefined ? [] : [inFolder(options.publicKey)])]
  const verdict = await verdictOf(args)
  out.result(verdict, () => {
    out.line(verdict.sentence, verdict.valid ? 'green' : 'red')
    if (!verdict.signedBy) return
    out.line(`Signed by the key ${verdict.signedBy}.`)
    if (!verdict.keyWasGiven) out.line('Compare it with: gatehouse audit public-key')
  })
  return verdict.valid ? exitCodes.done : exitCodes.failed
}

async function verdictOf(args: readonly string[]): Promise<FileVerdict> {
  const program = join(import.meta.dirname, 'verify-audit.js')
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args])
    return JSON.parse(stdout) as FileVerdict
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    if (code === exitCodes.failed && stdout) return JSON.parse(stdout) as FileVerdict
    throw new WrongUsage(stderr.trim() || 'The file cannot be read.')
  }
}
