import { contract } from '../../shared/contract/contract.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import { compose, type Gatehouse, writeEndpoint } from '../compose.ts'
import type { PreparedElectron } from '../shells/electron/electron.ts'
import { type McpEndpoint, startMcpEndpoint } from '../shells/mcp-endpoint.ts'
import { contractServer } from '../shells/shells.ts'
import { startHttps } from './https.ts'
import { distDir, ending, endOnSignals, openApp, takeOperatorPassphrase } from './open-app.ts'
import type { StartOptions } from './options.ts'
import { removeAfterwards } from './remove-afterwards.ts'
import { catchStrayErrors } from './stray-errors.ts'
import { uninstall } from './uninstall.ts'

/**
 * The product's own window. Resolves when everything that has to precede Electron's `ready` is done, and goes on by itself:
 * Electron is not ready before the entry module has been evaluated, so that module must not wait for more.
 *
 * @param failed hears why the rest failed, after the person was told
 * @see https://github.com/electron/electron/issues/40719
 */
export async function startInElectron(
  options: StartOptions,
  env: NodeJS.ProcessEnv,
  failed: (error: unknown) => void,
): Promise<void> {
  const { prepareElectron } = await import('../shells/electron/electron.ts')
  const electron = prepareElectron(distDir, options.home)
  if (!electron) process.exit(0) // the running instance comes forward
  void openInElectron(electron, options, env).catch((error: unknown) => {
    electron.complain(error instanceof GatehouseError ? sentence(error, 'person') : 'Gatehouse could not start.')
    failed(error)
  })
}

async function openInElectron(
  electron: PreparedElectron,
  options: StartOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await electron.ready
  const opened = await openApp(options, env, electron.safeStorage)
  let http: McpEndpoint | undefined
  let https: McpEndpoint | undefined
  const app: Gatehouse = await compose({
    ...opened,
    shell: {
      shell: 'electron',
      windowUrl: () => electron.windowUrl,
      mcpUrl: () => `${http?.httpUrl ?? ''}/mcp`,
      stop: () => void setImmediate(electron.quit),
      uninstall: () => uninstall(app, { autostart: electron.autostart, removeProfile: removeAfterwards(opened.node) }),
      autostart: electron.autostart,
      openPage: electron.openPage,
      ...(electron.updates ? { updates: electron.updates } : {}),
    },
    windowOpen: () => true,
  })
  const stop = ending(async () => {
    await app.drain()
    await Promise.all([http?.close(), https?.close()])
    await app.stop()
  })
  try {
    await takeOperatorPassphrase(app, opened.store.fresh, env)
    await app.start()
    http = await startMcpEndpoint({ port: options.port ?? app.base.config.port, registerMcp: app.doors.registerMcp })
    https = await startHttps(app)
    writeEndpoint(opened.paths, http.httpUrl, https?.httpUrl)
    electron.endBy(stop)
    catchStrayErrors(app.base)
    endOnSignals(electron.quit)
    await openWindow(electron, app, options.hidden)
  } catch (error) {
    await stop()
    throw error
  }
  for (const notice of opened.notices) app.base.notice('warning', notice)
  process.stdout.write('Gatehouse is ready\n')
}

/** AI apps find the endpoint on loopback; the person finds this. */
function openWindow(electron: PreparedElectron, app: Gatehouse, hidden: boolean): Promise<void> {
  const { base, areas, handlers } = app
  const language = () => base.settings.current.language
  return electron.open({
    server: contractServer(contract, handlers, { guard: () => {}, log: base.log, language }),
    events: base.events,
    pending: areas.approvals.pending,
    deny: (id) => {
      const denied = areas.approvals.decide({ id, decision: 'deny', scope: 'once', count: 1 }, 'notification')
      denied.catch((error: unknown) => base.log.warn({ err: error, approval: id }, 'a notification could not deny'))
    },
    onWake: () => areas.limits.woke(),
    language,
    hidden,
  })
}
