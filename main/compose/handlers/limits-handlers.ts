import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import type { UseQuota } from '../../../shared/domain/quota.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Areas } from '../areas.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

type Quota = Omit<UseQuota, 'most'>

export function limitsHandlers(
  { quotas, quotaStore, clients }: Pick<Areas, 'quotas' | 'quotaStore' | 'clients'>,
  { servers }: Pick<Hosting, 'servers'>,
  note: Note,
): GatehouseHandlers['limits'] {
  const known = ({ holder, name }: Quota) => {
    if (holder === 'client' && !clients.named(name)) throw inputInvalid(`There is no client called “${name}”.`)
    if (holder === 'server' && !servers.list().some((server) => server.name === name))
      throw inputInvalid(`There is no server called “${name}”.`)
  }
  return {
    list: () => ({
      quotas: quotas
        .shown()
        .map(({ refillsAt, ...quota }) => ({ ...quota, ...(refillsAt ? { refillsAt: refillsAt as EpochMs } : {}) })),
    }),
    set: (quota, { description }) => {
      known(quota)
      const what = `The ${inWords(quota)} may use ${quota.most} ${quota.measure} a ${quota.per}`
      return noted(note, [description, 'limits.set', what, 'warning'], () => {
        quotaStore.set(quota)
        quotas.reload()
      })
    },
    remove: (quota, { description }) => {
      const what = `The ${inWords(quota)} may use as many ${quota.measure} a ${quota.per} as it likes`
      return noted(note, [description, 'limits.remove', what, 'warning'], () => {
        if (!quotaStore.drop(quota)) throw inputInvalid('There is no such limit.')
        quotas.reload()
      })
    },
  }
}

const inWords = ({ holder, name }: Quota) => `${holder} “${name}”`
