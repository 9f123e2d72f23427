import type { AiApp, FileChange } from '../../../shared/contract/apps.ts'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import { appFileChanged } from '../../../shared/errors.ts'
import { type Language, sentence } from '../../../shared/messages/messages.ts'
import type { AiApps, DetectedApp, ShownChange } from '../../clients/apps/apps.ts'
import { pastedServers } from '../../clients/apps/pasted.ts'
import type { Workspaces } from '../../workspaces/workspaces.ts'
import type { Foundation } from '../foundation.ts'
import type { Hosting } from '../hosting.ts'
import { AppImport } from '../import-app.ts'
import { type Note, noted } from './recorded.ts'

export function appsHandlers(
  { settings, credentials }: Foundation,
  hosting: Hosting,
  apps: AiApps,
  workspaces: Pick<Workspaces, 'need'>,
  note: Note,
): GatehouseHandlers['apps'] {
  const language = () => settings.current.language
  const importing = new AppImport({ hosting, credentials, language })
  const there = (workspace: WorkspaceName | undefined) =>
    workspace === undefined ? undefined : workspaces.need(workspace)
  /** The file is named for the question about it; the preview decides. */
  const sameFile = async (file: string, shown: Promise<ShownChange>) => {
    const { file: now, title } = await shown
    if (now !== file) throw appFileChanged(file)
    return title
  }
  return {
    detect: async () => ({ apps: (await apps.detect()).map((app) => shownApp(app, language())) }),
    previewConnect: ({ app, workspace }) => apps.previewConnect(app, { workspace: there(workspace) }),
    connect: async ({ app, file, preview, workspace }, { description }): Promise<FileChange> => {
      const joining = { workspace: there(workspace) }
      const title = await sameFile(file, apps.previewConnect(app, joining))
      const summary = `${title} was connected${placed(workspace)}: ${file}`
      return noted(note, [description, 'app.connect', summary, 'warning'], () => apps.connect(app, preview, joining))
    },
    previewDisconnect: ({ app }) => apps.previewDisconnect(app),
    disconnect: async ({ app, file, preview }, { description }) => {
      const title = await sameFile(file, apps.previewDisconnect(app))
      return noted(note, [description, 'app.disconnect', `${title} was disconnected: ${file}`], () =>
        apps.disconnect(app, preview),
      )
    },
    previewImport: async ({ app, folder }) => importing.plan(await apps.servers(app, folder)),
    import: async ({ app, folder, servers, preview, acceptPins, workspace }, { description }) => {
      there(workspace)
      const found = await apps.servers(app, folder)
      const joined = workspace ?? (folder === undefined ? apps.workspaceOf(app) : undefined) // where the app finds them
      const where = folder === undefined ? app : `${app} in ${folder}`
      const summary = `Servers of ${where} were imported: ${servers.join(', ')}`
      const add = () => importing.add(found, servers, { file: app, preview, acceptPins, workspace: joined })
      return { servers: await noted(note, [description, 'server.add', summary], add) }
    },
    previewPasted: ({ pasted }) => importing.plan(pastedServers(pasted)),
    importPasted: async ({ pasted, servers, preview, acceptPins, workspace }, { description }) => {
      there(workspace)
      const found = pastedServers(pasted)
      const summary = `Servers were added from pasted text: ${servers.join(', ')}`
      const add = () => importing.add(found, servers, { file: 'pasted text', preview, acceptPins, workspace })
      return { servers: await noted(note, [description, 'server.add', summary], add) }
    },
    previewReplace: ({ app, servers, workspace }) =>
      apps.previewConnect(app, { replacing: servers, workspace: there(workspace) }),
    replace: async ({ app, file, preview, servers, workspace }, { description }) => {
      const joining = { replacing: servers, workspace: there(workspace) }
      const title = await sameFile(file, apps.previewConnect(app, joining))
      const summary = `${title} was connected${placed(workspace)} in place of ${servers.join(', ')}: ${file}`
      return noted(note, [description, 'app.connect', summary, 'warning'], () => apps.connect(app, preview, joining))
    },
  }
}

const placed = (workspace: WorkspaceName | undefined) =>
  workspace === undefined ? '' : ` in the workspace “${workspace}”`

function shownApp({ problem, servers, ...app }: DetectedApp, language: Language): AiApp {
  return {
    ...app,
    servers: servers.map(({ name, kind }) => ({ name, kind })),
    ...(problem ? { problem: sentence(problem, 'person', language) } : {}),
  }
}
