import { alerts } from './alerts.ts'
import { approvals } from './approvals.ts'
import { apps } from './apps.ts'
import { audit } from './audit.ts'
import { backup } from './backup.ts'
import { bundles } from './bundles.ts'
import { catalog } from './catalog.ts'
import { cells } from './cells.ts'
import { clients } from './clients.ts'
import { compliance } from './compliance.ts'
import { config } from './config.ts'
import type { Api, EventMap, EventNames, Handlers } from './define.ts'
import { filters } from './filters.ts'
import { hosts } from './hosts.ts'
import { health, incidents } from './incidents.ts'
import { integrity } from './integrity.ts'
import { limits } from './limits.ts'
import { logs } from './logs.ts'
import { memory } from './memory.ts'
import { metrics, traces } from './metrics.ts'
import { permissions } from './permissions.ts'
import { privacy } from './privacy.ts'
import { remote } from './remote.ts'
import { servers, tools } from './servers.ts'
import { sessions } from './sessions.ts'
import { signIns } from './sign-ins.ts'
import { secrets, system } from './system.ts'
import { tasks } from './tasks.ts'
import { updates } from './updates.ts'
import { workspaces } from './workspaces.ts'

/** Everything window, CLI and main say to each other. One entry an area. */
export const contract = {
  alerts,
  approvals,
  apps,
  audit,
  bundles,
  backup,
  catalog,
  cells,
  clients,
  compliance,
  config,
  filters,
  health,
  hosts,
  incidents,
  limits,
  logs,
  integrity,
  memory,
  metrics,
  permissions,
  privacy,
  remote,
  secrets,
  servers,
  sessions,
  signIns,
  system,
  tasks,
  tools,
  traces,
  updates,
  workspaces,
} as const

export type GatehouseContract = typeof contract
export type GatehouseHandlers = Handlers<GatehouseContract>
export type GatehouseApi = Api<GatehouseContract>
export type GatehouseEvents = EventMap<GatehouseContract>
export type GatehouseEventName = EventNames<GatehouseContract>
