import { useReading } from '../../app/gatehouse-context.tsx'
import type { WorkspaceChoice } from '../workspaces/workspace-field.tsx'

/** The folders AI apps of a workspace may use, with whose they are. */
export const useFolders = (of: WorkspaceChoice['part'], key: string) =>
  useReading(async (api) => ({ ...(await api.permissions.folders(of)), of }), `${of.workspace ?? ''} ${key}`)
