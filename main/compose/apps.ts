import { readdirSync, readFileSync } from 'node:fs'
import { AiApps } from '../clients/apps/apps.ts'
import { ConnectionStore } from '../clients/apps/connection-store.ts'
import type { Computer } from '../clients/apps/known-apps.ts'
import type { Clients } from '../clients/clients.ts'
import type { Foundation } from './foundation.ts'

/** The AI apps of the person who runs this, on this computer. */
export function buildApps(
  { store, seal, paths, forged }: Foundation,
  clients: Clients,
  { home, bridgeCommand }: { readonly home: string; readonly bridgeCommand: string },
): AiApps {
  return new AiApps({
    computer: thisComputer(home),
    store: new ConnectionStore(store.db, seal, (app) =>
      forged.found(`The record of the connection of ${app} was changed outside Gatehouse and counts for nothing.`),
    ),
    bridgeCommand,
    backups: paths.backups,
    clients: {
      pair: async (name, workspace) => {
        const isNew = clients.named(name)?.state !== 'paired'
        await clients.pairByPerson(name, workspace)
        return isNew
      },
      workspaceOf: (name) => {
        const client = clients.named(name)
        return client?.state === 'paired' ? client.workspace : undefined
      },
      revoke: (name) => clients.revoke(name),
    },
  })
}

export function thisComputer(home: string): Computer {
  const { platform } = process
  return {
    platform: platform === 'win32' || platform === 'darwin' ? platform : 'linux',
    home,
    env: process.env,
    read: (file) => {
      try {
        return readFileSync(file, 'utf8')
      } catch {
        return ''
      }
    },
    list: (folder) => {
      try {
        return readdirSync(folder)
      } catch {
        return []
      }
    },
  }
}
