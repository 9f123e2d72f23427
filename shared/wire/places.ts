import { homedir, platform, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** A Unix socket path has room for 107 bytes on Linux and 103 on macOS. */
const longestSocketPath = 100

/** The data folder: `GATEHOUSE_HOME`, else the platform's application-data folder. */
export function defaultHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.GATEHOUSE_HOME) return env.GATEHOUSE_HOME
  const home = homedir()
  switch (platform()) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Gatehouse')
    case 'win32':
      return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Gatehouse')
    default:
      return join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'gatehouse')
  }
}

/** Bridge and CLI compute the same path; the app writes it to `run/endpoint.json` as well. */
export function socketPath(home: string, run: string, env: NodeJS.ProcessEnv): string {
  if (platform() === 'win32') return `\\\\.\\pipe\\gatehouse-${homeTag(home)}`
  const inHome = join(run, 'kernel.sock')
  if (Buffer.byteLength(inHome) <= longestSocketPath) return inHome
  const runtime = env.XDG_RUNTIME_DIR ?? join(tmpdir(), `gatehouse-${userInfo().uid}`)
  return join(runtime, `gatehouse-${homeTag(home)}.sock`)
}

/** A short stable name for a data folder (FNV-1a, 32 bits, hex): not a secret. */
export function homeTag(home: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(home)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}
