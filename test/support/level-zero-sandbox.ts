import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfinementRequest, Sandbox } from '../../main/sandbox/sandbox.ts'

/** Runs servers as level 0 does, whatever their level: for tests of what comes after the sandbox. */
export function levelZeroSandbox(): Sandbox {
  return {
    status: async () => ({ available: true, kind: 'none' }),
    mayTouch: () => ['Everything you can.'],
    limitsInWords: async () => 'none',
    stop: async () => {},
    confine: async (request: ConfinementRequest) => {
      const cwd = mkdtempSync(join(tmpdir(), 'gatehouse-test-server-'))
      return {
        argv: [request.executable, ...request.args],
        env: { PATH: process.env.PATH ?? '', HOME: cwd, ...request.server.env, ...request.secrets },
        cwd,
        describe: 'none',
        mayTouch: ['Everything you can.'],
        guard: () => {},
        deniedHosts: () => [],
        onDeniedHost: () => () => {},
        allowHosts: () => true,
        touchedDecoys: () => [],
        release: async () => rmSync(cwd, { recursive: true, force: true }),
      }
    },
  }
}
