import { contract } from '../../shared/contract/contract.ts'
import { compose, type Gatehouse, writeEndpoint } from '../compose.ts'
import { type McpEndpoint, startMcpEndpoint } from '../shells/mcp-endpoint.ts'
import { contractServer } from '../shells/shells.ts'
import { distDir, ending, endOnSignals, openApp, takeOperatorPassphrase } from './open-app.ts'
import type { StartOptions } from './options.ts'
import { uninstall } from './uninstall.ts'

/** The product's own window; AI apps still find the MCP endpoint on loopback. */
export async function startInElectron(options: StartOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const { prepareElectron } = await import('../shells/electron/electron-shell.ts')
  const electron = await prepareElectron(distDir)
  if (!electron) process.exit(0) // the running instance comes forward
  const opened = await openApp(options, env, electron.safeStorage)
  let http: McpEndpoint | undefined
  const app: Gatehouse = await compose({
    ...opened,
    shell: {
      shell: 'electron',
      windowUrl: () => electron.windowUrl,
      mcpUrl: () => `${http?.httpUrl ?? ''}/mcp`,
      stop: () => void setImmediate(electron.quit),
      uninstall: () => uninstall(app),
    },
    windowOpen: () => true,
  })
  endOnSignals(electron.quit)
  await takeOperatorPassphrase(app, opened.store.fresh, env)
  await app.start()
  http = await startMcpEndpoint({ port: options.port ?? opened.config.port, registerMcp: app.doors.registerMcp })
  writeEndpoint(opened.paths, http.httpUrl)
  const language = () => app.base.settings.current.language
  await electron.open({
    server: contractServer(contract, app.handlers, { guard: () => {}, log: app.base.log, language }),
    events: app.base.events,
    pending: app.areas.approvals.pending,
    deny: (id) => void app.areas.approvals.decide({ id, decision: 'deny', scope: 'once', count: 1 }, 'notification'),
    stop: ending(async () => {
      await http?.close()
      await app.stop()
    }),
    hidden: options.hidden,
  })
  for (const notice of opened.notices) app.base.notice('warning', notice)
  process.stdout.write('Gatehouse is ready\n')
}
