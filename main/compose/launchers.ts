import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Stable commands in `bin/` for AI apps and shells. They are written anew at every start, so that an update or a moved
 * app never breaks an AI app's configuration.
 *
 * @param node the plain Node that runs them
 */
export function writeLaunchers(bin: string, distDir: string, node: string, home: string): void {
  const launch = (name: string, script: string) => {
    if (process.platform === 'win32') {
      writeFileSync(join(bin, `${name}.cmd`), `@"${node}" "${join(distDir, script)}" %* --home "${home}"\r\n`)
      return
    }
    const file = join(bin, name)
    const text = `#!/bin/sh\nexec ${shellWord(node)} ${shellWord(join(distDir, script))} --home ${shellWord(home)} "$@"\n`
    writeFileSync(file, text, { mode: 0o700 })
    chmodSync(file, 0o700)
  }
  launch('gatehouse-bridge', 'bridge.js')
  launch('gatehouse', 'cli.js')
}

const shellWord = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
