import { createHash } from 'node:crypto'
import { posix, win32 } from 'node:path'
import type { JsonObject } from '../../../shared/domain/json.ts'
import { isTable } from './config-format.ts'

/** A folder in which Claude Code has servers for this person alone. */
export interface ClaudeProject {
  /** As its file names it. */
  readonly folder: string
  /** Stays the same for the same folder. */
  readonly id: string
}

/** A person looks through no more; Claude Code keeps each folder it was ever started in. */
const mostShown = 20

/**
 * The folders under `projects` in `.claude.json` that have servers of their own: what `claude mcp add` writes unless it is
 * told otherwise.
 *
 * @param whole what its file says
 * @param isKept whether a project is among them also beyond those that are shown, or without servers
 * @see https://code.claude.com/docs/en/mcp, “MCP installation scopes”, local scope
 */
export function claudeProjects(
  { projects }: JsonObject,
  isKept: (id: string, servers: JsonObject) => boolean,
): ClaudeProject[] {
  let shown = 0
  return Object.entries(isTable(projects) ? projects : {}).flatMap(([folder, project]) => {
    if (!isTable(project)) return []
    const servers = isTable(project.mcpServers) ? project.mcpServers : {}
    const id = idOf(folder)
    const isShown = Object.keys(servers).length > 0 && shown++ < mostShown
    return isShown || isKept(id, servers) ? [{ folder, id }] : []
  })
}

/** The same folder, however its name is written on Windows. */
export function isSameFolder(platform: string, a: string, b: string): boolean {
  if (platform !== 'win32') return posix.normalize(`${a}/`) === posix.normalize(`${b}/`)
  const plain = (folder: string) => win32.normalize(`${folder}/`).toLowerCase()
  return plain(a) === plain(b)
}

function idOf(folder: string): string {
  const last = folder.split(/[/\\]/).findLast((part) => part !== '') ?? ''
  const words = last
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20)
    .replace(/^-|-$/g, '')
  const mark = createHash('sha256').update(folder).digest('hex').slice(0, 8)
  return ['claude-code', ...(words === '' ? [] : [words]), mark].join('-')
}
