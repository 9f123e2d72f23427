import type { bundledNames } from '../../shared/contract/servers.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

export type Bundled = (typeof bundledNames)[number]

/** As far as they differ; none has folders until the person names one. */
const settings = {
  filesystem: { sandbox: 2, shared: true },
  memory: { sandbox: 3, shared: false },
} as const satisfies Record<Bundled, Pick<ServerConfig, 'sandbox' | 'shared'>>

/** A server Gatehouse comes with, as it is added. */
export const bundledServer = (
  bundle: Bundled,
  { name = bundle as ServerName, workspace = defaultWorkspace }: Partial<Pick<ServerConfig, 'name' | 'workspace'>> = {},
): ServerConfig => ({
  name,
  workspace,
  origin: { kind: 'bundled', bundle },
  ...settings[bundle],
  allowedPaths: [],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: false,
  enabled: true,
  addedAt: Date.now() as EpochMs,
})
