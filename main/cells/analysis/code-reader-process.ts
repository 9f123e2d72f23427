import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, isGrave } from '../../../shared/domain/finding.ts'
import { mayBeGrave, readCode } from './read-code.ts'

/*
 * A process of its own: a file made for it can end the parser, and whatever shares a process with it. Reads files one
 * after another; says which one is next, then what was found in it.
 */
process.once('disconnect', () => process.exit())
process.on(
  'message',
  ({ folder, paths, graveOnly }: Readonly<{ folder: string; paths: string[]; graveOnly: boolean }>) => {
    const look = graveOnly ? readGrave : read
    for (const path of paths) process.send?.({ path, findings: look(folder, path) })
    process.disconnect()
  },
)

function read(folder: string, path: string): Finding[] {
  try {
    return readCode(path, readFileSync(join(folder, path), 'utf8'))
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 160) : ''
    return [{ place: path, rule: 'unreadable-code', severity: 'low', detail }]
  }
}

function readGrave(folder: string, path: string): Finding[] {
  try {
    if (!mayBeGrave(readFileSync(join(folder, path), 'utf8'))) return []
  } catch {
    return []
  }
  return read(folder, path).filter(isGrave)
}
