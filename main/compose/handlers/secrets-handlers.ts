import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { reservedServerNames, type ServerName } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Credentials } from '../../credentials/credentials.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

export function secretsHandlers(credentials: Credentials, hosting: Hosting, note: Note): GatehouseHandlers['secrets'] {
  const { servers, supervisor, administration } = hosting
  const find = (server: string, name: string) =>
    credentials.list().find((one) => one.server === server && one.name === name)
  /** @throws input.invalid for what Gatehouse itself keeps: where an alert goes is not changed by way of its secret */
  const needNotOwn = (server: ServerName) => {
    if (isOwn(server))
      throw inputInvalid(
        'What Gatehouse itself keeps is changed where it is used: gatehouse alerts channel set, gatehouse memory embedder set',
      )
  }
  return {
    set: async ({ server, name, value }, caller) => {
      const config = servers.need(server)
      await noted(note, [caller.description, 'secret.set', `The secret ${name} of “${server}” was set`], async () => {
        await credentials.replace(server, name, value)
        if (!config.secretNames.includes(name)) servers.set(server, { secretNames: [...config.secretNames, name] })
        await administration.secretCame(server)
      })
    },
    list: () => ({ secrets: credentials.list().filter(({ server }) => !isOwn(server)) }),
    rotate: async ({ server, name, value, everyDays }, { description }) => {
      needNotOwn(server)
      if (!find(server, name)) throw inputInvalid(`There is no secret ${name} of “${server}”.`)
      const what = value === undefined ? 'got another schedule' : 'was replaced'
      await noted(note, [description, 'secret.rotate', `The secret ${name} of “${server}” ${what}`], async () => {
        if (value !== undefined) await credentials.replace(server, name, value)
        if (everyDays !== undefined) credentials.schedule(server, name, everyDays || undefined)
        if (value !== undefined) await administration.secretCame(server)
      })
      const { version = 1, dueAt } = find(server, name) ?? {}
      return { version, ...(dueAt === undefined ? {} : { dueAt }) }
    },
    revert: async ({ server, name }, { description }) => {
      needNotOwn(server)
      const what = `The secret ${name} of “${server}” has its former value again`
      await noted(note, [description, 'secret.revert', what, 'warning'], async () => {
        await credentials.revert(server, name)
        await administration.secretCame(server)
      })
      return { version: find(server, name)?.version ?? 1 }
    },
    uses: ({ server, name, limit }) => ({ uses: credentials.uses(server, name, limit) }),
    remove: async ({ server, name }, { description }) => {
      needNotOwn(server)
      return noted(note, [description, 'secret.remove', `The secret ${name} of “${server}” was removed`], async () => {
        const removed = await credentials.remove(server, name)
        const config = servers.get(server)
        if (config) servers.set(server, { secretNames: config.secretNames.filter((other) => other !== name) })
        await supervisor.restart(server)
        return { removed }
      })
    },
  }
}

const isOwn = (server: ServerName): boolean => reservedServerNames.includes(server)
