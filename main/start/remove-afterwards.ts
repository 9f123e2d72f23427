import { spawn } from 'node:child_process'

/** Waits for the end of what holds its input, then for the last of its helpers to let go. */
const program = `
const { rmSync } = require('node:fs')
process.stdin.resume().on('end', () => rmSync(process.argv[1], { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
`

/**
 * Removes a folder when this process has ended: Chromium writes to its profile until then. The helper learns of the end
 * by its input, which the system closes however this process ends.
 *
 * @param node a plain Node
 */
export function removeAfterwards(node: string): (folder: string) => string {
  return (folder) => {
    const helper = spawn(node, ['-e', program, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    helper.on('error', () => {})
    helper.unref()
    helper.stdin?.on('error', () => {})
    if (helper.stdin && 'unref' in helper.stdin) (helper.stdin as unknown as { unref: () => void }).unref()
    return ', as soon as Gatehouse ends'
  }
}
