import type { ServerName } from '../../../shared/domain/ids.ts'
import { serverFailed } from '../../../shared/errors.ts'
import { hostAndPort, runInstaller } from './install-run.ts'
import { findNpm, npmProblem } from './npm.ts'
import { parseSpec } from './package-command.ts'
import type { PackagesOptions } from './packages.ts'

/**
 * Asks the registry which version of a package is the newest, in the install sandbox; installs nothing.
 * @throws server.failed with the reason in words
 */
export async function latestVersion(server: ServerName, spec: string, options: PackagesOptions): Promise<string> {
  const wanted = parseSpec(spec)
  if (!wanted) throw serverFailed(server, `“${spec}” is not a package of the registry`)
  const scope = wanted.name.startsWith('@') ? wanted.name.split('/')[0] : undefined
  const npm = await findNpm(server, scope, options)
  const certificates = npm.cafile ? [`--cafile=${npm.cafile}`] : []
  const { code, output } = await runInstaller({
    sandbox: options.sandbox,
    warden: options.warden,
    server,
    spec,
    executable: options.node,
    args: [
      npm.script,
      'view',
      `${wanted.name}@latest`,
      'version',
      '--json',
      '--prefer-online', // what npm kept of an earlier question is as old as that
      '--no-update-notifier',
      `--registry=${npm.registry.href}`,
      ...certificates,
    ],
    hosts: [hostAndPort(npm.registry)],
    readable: npm.cafile ? [npm.cafile] : [],
    writable: [],
  })
  const version = /^"?(\d[\w.+-]{0,60})"?$/m.exec(output)?.[1]
  if (code !== 0 || version === undefined) throw serverFailed(server, npmProblem(spec, npm.registry, output))
  return version
}
