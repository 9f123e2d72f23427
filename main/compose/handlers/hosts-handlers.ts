import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

export function hostsHandlers({ refusedHosts, administration }: Hosting, note: Note): GatehouseHandlers['hosts'] {
  return {
    refused: ({ server }) => refusedHosts.shown(server),
    allow: ({ server, host, port }, { description }) => {
      const what = `“${server}” may reach ${host}:${port}`
      return noted(note, [description, 'server.host-allow', what, 'warning'], () => {
        const outcome = refusedHosts.allow(server, host, port)
        administration.announce(server)
        return outcome
      })
    },
    never: ({ server, host }, { description }) =>
      noted(note, [description, 'server.host-never', `“${server}” is never asked about again for ${host}`], () =>
        refusedHosts.never(server, host),
      ),
  }
}
