import type { Reply } from '../../shared/domain/call.ts'
import type { GatehouseError } from '../../shared/errors.ts'
import type { Received } from './exchange.ts'
import type { KernelParts } from './ports.ts'
import { identify } from './stages/identify.ts'

/**
 * Refuses a call that no later stage may see: on record like any other refusal, with who called. Whatever refuses a call
 * before `handle()` does it by this.
 *
 * @throws the reason; what `identify` throws, which goes before it; audit.unwritable
 */
export function refuse(
  received: Received,
  reason: GatehouseError,
  { audit, clients, records }: Pick<KernelParts, 'audit' | 'clients' | 'records'>,
): Promise<Reply> {
  return audit.recorded(received, async () => {
    identify(received, clients, records)
    throw reason
  })
}
