import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { inputInvalid } from '../../shared/errors.ts'
import { defaultHome } from '../config/paths.ts'

export interface StartOptions {
  readonly shell: 'electron' | 'browser'
  /** Absolute path of the data folder. */
  readonly home: string
  readonly port?: number
  readonly open: boolean
  readonly hidden: boolean
  /** Shows the page for an empty keychain, also where no browser can be opened. */
  readonly recover?: boolean
}

/**
 * `--shell electron|browser`, `--no-open`, `--port N`, `--home DIR`, `--hidden` (INTERFACES, "Commands").
 *
 * @throws input.invalid saying what is wrong with which option
 */
export function startOptions(argv: readonly string[], env: NodeJS.ProcessEnv, insideElectron: boolean): StartOptions {
  const { values } = parsed(argv)
  const shell = values.shell ?? env.GATEHOUSE_SHELL ?? (insideElectron ? 'electron' : 'browser')
  if (shell !== 'electron' && shell !== 'browser') throw inputInvalid(`--shell is electron or browser, not “${shell}”.`)
  return {
    shell,
    home: resolve(values.home ?? defaultHome(env)),
    ...(values.port === undefined ? {} : { port: portOf(values.port) }),
    open: values['no-open'] !== true,
    hidden: values.hidden === true,
    ...(values.recover === true ? { recover: true } : {}),
  }
}

/** Electron adds switches of its own and `gatehouse://` links; they are not for us. */
function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: false,
      options: {
        shell: { type: 'string' },
        home: { type: 'string' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        hidden: { type: 'boolean' },
        recover: { type: 'boolean' },
      },
    }) as {
      values: { shell?: string; home?: string; port?: string; 'no-open'?: boolean; hidden?: boolean; recover?: boolean }
    }
  } catch (error) {
    throw inputInvalid((error as Error).message)
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw inputInvalid(`--port is a number from 0 to 65535, not “${text}”.`)
}
