import { readFileSync } from 'node:fs'
import { publicKeyFrom } from './public-key.ts'
import { verifyFile } from './verify-file.ts'

/**
 * A program of its own (`dist/verify-audit.js FILE [PUBLIC-KEY-FILE]`): needs no Gatehouse, no keychain and no data folder.
 * Writes one JSON line; exits with 0 when the log is intact, 1 when it is not, 2 when a file cannot be read.
 */
const [file = '', keyFile] = process.argv.slice(2)
try {
  const key = keyFile === undefined ? undefined : publicKeyFrom(readFileSync(keyFile, 'utf8'))
  const verification = await verifyFile(file, key)
  process.stdout.write(`${JSON.stringify(verification)}\n`)
  process.exitCode = verification.valid ? 0 : 1
} catch (error) {
  process.stderr.write(`${unreadable(error as NodeJS.ErrnoException)}\n`)
  process.exitCode = 2
}

function unreadable({ code, path = file, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `There is no file “${path}”. Give the exported log, written as jsonl.`
  return code === undefined ? message : `“${path}” cannot be read (${code}).`
}
