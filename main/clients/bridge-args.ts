import { defaultWorkspace, type WorkspaceName } from '../../shared/domain/ids.ts'

/** What a bridge is started with for this client; the first workspace needs no name. */
export const bridgeArgs = (client: string, workspace: WorkspaceName = defaultWorkspace): string[] =>
  workspace === defaultWorkspace ? ['--client', client] : ['--client', client, '--workspace', workspace]
