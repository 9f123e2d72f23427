import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../../../shared/domain/finding.ts'
import { readCode } from './read-code.ts'

/*
 * A process of its own: a file made for it can end the parser, and whatever shares a process with it. Reads files one
 * after another; says which one is next, then what was found in it.
 */
process.once('disconnect', () => process.exit())
process.on('message', ({ folder, paths }: { readonly folder: string; readonly paths: readonly string[] }) => {
  for (const path of paths) process.send?.({ path, findings: read(folder, path) })
  process.disconnect()
})

function read(folder: string, path: string): Finding[] {
  try {
    return readCode(path, readFileSync(join(folder, path), 'utf8'))
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 160) : ''
    return [{ place: path, rule: 'unreadable-code', severity: 'low', detail }]
  }
}
