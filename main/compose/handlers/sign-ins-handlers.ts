import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'
import type { ShellFacts } from './system-handlers.ts'

export function signInsHandlers(
  { signIns, servers }: Hosting,
  shell: ShellFacts,
  note: Note,
): GatehouseHandlers['signIns'] {
  return {
    list: () => ({ signIns: signIns.list(servers.list()) }),
    begin: ({ server, ...own }, { description }) =>
      noted(note, [description, 'server.sign-in', `A sign-in to “${server}” was begun`], async () => {
        const begun = await signIns.begin(servers.need(server), own)
        return { ...begun, scopes: [...begun.scopes], opens: shell.openPage !== undefined }
      }),
    open: async ({ id }) => {
      if (shell.openPage === undefined) throw inputInvalid('Open the page yourself: Gatehouse runs without its window.')
      await shell.openPage(signIns.pageOf(id))
    },
    wait: ({ id }) => signIns.wait(id),
    cancel: ({ id }) => signIns.cancel(id),
    end: ({ server }, { description }) =>
      noted(note, [description, 'server.sign-out', `The sign-in to “${server}” was ended`], () =>
        signIns.end(servers.need(server)),
      ),
  }
}
