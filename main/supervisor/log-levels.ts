import type { Json, JsonObject } from '../../shared/domain/json.ts'
import type { Equipped } from '../kernel/exchange.ts'
import { isModern } from './handshake.ts'

/** What a request of 2026-07-28 names the least level of its log messages by. */
export const logLevelKey = 'io.modelcontextprotocol/logLevel'
const levels: readonly (Json | undefined)[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]

/** For a 2026-07-28 server: an earlier client hears everything until it sets a level, and the level stands in every request. */
export const levelFor = ({ peer, meta }: Equipped): JsonObject =>
  meta?.[logLevelKey] !== undefined || isModern(peer.protocol) ? {} : { [logLevelKey]: 'debug' }

/** For a server up to 2025-11-25, which has one level for all its messages: set when a request wants another. */
export class ServerLevel {
  #set: Json | undefined

  constructor(private readonly shared: boolean) {}

  /** @returns the level to set before this call, if any; one process for everyone is only made to say more */
  before({ meta }: Equipped): Json | undefined {
    const wanted = meta?.[logLevelKey]
    if (wanted === undefined || wanted === this.#set || !levels.includes(wanted)) return undefined
    if (this.shared && this.#set !== undefined && levels.indexOf(wanted) > levels.indexOf(this.#set)) return undefined
    this.#set = wanted
    return wanted
  }
}
