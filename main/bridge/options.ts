import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultHome } from '../../shared/wire/places.ts'

export interface BridgeOptions {
  readonly client: string
  readonly workspace?: string
  readonly server?: string
  readonly home: string
  readonly start: boolean
}

const usage = 'Usage: gatehouse-bridge [--client NAME] [--workspace NAME] [--server NAME] [--home DIR] [--no-start]'
/** The name of a bridge that was not given one. */
const unnamedClient = 'mcp-client'

/** @throws Error with the usage when an option is unknown or lacks its value. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): BridgeOptions {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { client: text, workspace: text, server: text, home: text, 'no-start': { type: 'boolean' } },
    })
    return {
      client: values.client ?? unnamedClient,
      home: resolve(values.home ?? defaultHome(env)),
      start: !values['no-start'],
      ...(values.workspace ? { workspace: values.workspace } : {}),
      ...(values.server ? { server: values.server } : {}),
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`)
  }
}
