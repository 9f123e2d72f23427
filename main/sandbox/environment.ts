import { dirname } from 'node:path'
import { withSecretsIn } from '../../shared/domain/secret-reference.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { secretMissing } from '../../shared/errors.ts'

/** Names by which a loader or shell could be made to run something before the sandbox is complete. */
const loaderNames = /^(LD_|DYLD_|BASH_|SRT_|ENV$|SHELLOPTS$|BASHOPTS$|IFS$|PS4$)/

/** The declared names a confined server may not have. */
export const refusedNames = (server: ServerConfig): string[] => {
  const strict = server.sandbox >= 3 ? /^NODE_OPTIONS$/ : /^$/
  return [...Object.keys(server.env), ...server.secretNames].filter(
    (name) => loaderNames.test(name) || strict.test(name),
  )
}

const passedOn = ['LANG', 'LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'TZ'] as const
/** What an unconfined program of the person expects to find. */
const basics = [...passedOn, 'HOME', 'USER', 'LOGNAME', 'SHELL', 'PATH', 'TMPDIR', 'XDG_RUNTIME_DIR'] as const

/** The environment of a confined server: empty but for these (DESIGN section 6). */
export function confinedEnvironment(
  server: ServerConfig,
  secrets: Readonly<Record<string, string>>,
  own: { readonly home: string; readonly temp: string; readonly executable: string; readonly user: NodeJS.ProcessEnv },
): Record<string, string> {
  const folders = [dirname(own.executable), '/usr/local/bin', '/usr/bin', '/bin']
  return {
    ...picked(own.user, passedOn),
    PATH: [...new Set(folders)].join(':'),
    ...declared(server, secrets),
    ...secrets,
    HOME: own.home,
    TMPDIR: own.temp,
    TEMP: own.temp,
    TMP: own.temp,
    XDG_CONFIG_HOME: `${own.home}/.config`,
    XDG_CACHE_HOME: `${own.home}/.cache`,
    XDG_DATA_HOME: `${own.home}/.local/share`,
    NODE_USE_ENV_PROXY: '1',
    NODE_USE_SYSTEM_CA: '1',
  }
}

/** The environment of a level 0 server: the person's basics and what was declared, nothing of Gatehouse's own. */
export function plainEnvironment(
  server: ServerConfig,
  secrets: Readonly<Record<string, string>>,
  user: NodeJS.ProcessEnv,
): Record<string, string> {
  return { ...picked(user, basics), ...declared(server, secrets), ...secrets }
}

/** @throws secrets.missing for a reference to what the server does not have */
function declared(server: ServerConfig, secrets: Readonly<Record<string, string>>): Record<string, string> {
  const secretOf = (name: string) => {
    const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined
    if (value === undefined) throw secretMissing(server.name, name)
    return value
  }
  return Object.fromEntries(Object.entries(server.env).map(([name, text]) => [name, withSecretsIn(text, secretOf)]))
}

function picked(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
