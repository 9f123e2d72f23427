import type { QuotaMeasure, QuotaPeriod } from '../../../shared/domain/quota.ts'
import { apiKeyId } from '../../clients/api-key.ts'
import type { IssuedKey } from '../../clients/api-keys.ts'
import type { Areas } from '../areas.ts'

interface WantedKey {
  readonly name: string
  readonly days: number
  readonly scopes: readonly string[]
  readonly limits: readonly { readonly measure: QuotaMeasure; readonly per: QuotaPeriod; readonly most: number }[]
}

/** Its limits hold before anybody has it. */
export async function newKey(
  { clients, quotas, quotaStore }: Pick<Areas, 'clients' | 'quotas' | 'quotaStore'>,
  { name, days, scopes, limits }: WantedKey,
): Promise<IssuedKey> {
  const issued = await clients.token(name, days, scopes)
  const key = apiKeyId(issued.token) ?? ''
  for (const limit of limits) quotaStore.set({ holder: 'key', name: key, ...limit })
  if (limits.length > 0) quotas.reload()
  return issued
}
