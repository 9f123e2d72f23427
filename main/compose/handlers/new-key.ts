import type { QuotaMeasure, QuotaPeriod } from '../../../shared/domain/quota.ts'
import { apiKeyId } from '../../clients/api-key.ts'
import type { IssuedKey } from '../../clients/api-keys.ts'
import type { Areas } from '../areas.ts'

/** Limits of keys that are gone, revoked or out of date, go too. */
export function forgetKeyLimits({
  clients,
  quotas,
  quotaStore,
}: Pick<Areas, 'clients' | 'quotas' | 'quotaStore'>): void {
  const gone = quotaStore.all().filter(({ holder, name }) => holder === 'key' && !clients.hasKey(name))
  for (const { most: _most, ...quota } of gone) quotaStore.drop(quota)
  if (gone.length > 0) quotas.reload()
}

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
  forgetKeyLimits({ clients, quotas, quotaStore })
  const issued = await clients.token(name, days, scopes)
  const key = apiKeyId(issued.token) ?? ''
  for (const limit of limits) quotaStore.set({ holder: 'key', name: key, ...limit })
  if (limits.length > 0) quotas.reload()
  return issued
}
