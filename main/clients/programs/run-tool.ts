import { execFile } from 'node:child_process'

const patienceMs = 5_000
const mostBytes = 8 * 1024 * 1024

/** Runs a program of the system and gives what it wrote. Rejects when it fails or takes too long. */
export type RunTool = (
  command: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
) => Promise<string>

export const runTool: RunTool = (command, args, environment = {}) =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment, LC_ALL: 'C' }
    const options = { timeout: patienceMs, maxBuffer: mostBytes, windowsHide: true, env }
    execFile(command, [...args], options, (error, out, err) => (error ? reject(error) : resolve(`${out}${err}`)))
  })

/**
 * A PowerShell script's words. What it is about goes in by environment variables: `-Command` joins whatever follows it
 * into one line and reads that as a script.
 */
export function powershell(run: RunTool, script: string, environment: Readonly<Record<string, string>> = {}) {
  const inUtf8 = `try { [Console]::OutputEncoding = [Text.Encoding]::UTF8 } catch {}; ${script}`
  return run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', inUtf8], environment)
}
