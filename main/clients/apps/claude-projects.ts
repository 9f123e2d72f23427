import { createHash } from 'node:crypto'
import { posix, win32 } from 'node:path'
import type { JsonObject } from '../../../shared/domain/json.ts'
import { isTable } from './config-format.ts'
import { jsonFormat } from './json-format.ts'

/** A folder in which Claude Code has servers for this person alone. */
export interface ClaudeProject {
  /** As its file names it. */
  readonly folder: string
  /** Stays the same for the same folder. */
  readonly id: string
}

/** Each is read by itself, and the file may be large. */
const mostShown = 20

/**
 * The folders under `projects` in `.claude.json` that have servers of their own: what `claude mcp add` writes unless it is
 * told otherwise.
 *
 * @param text what cannot be read names none
 * @see https://code.claude.com/docs/en/mcp, “MCP installation scopes”, local scope
 */
export function claudeProjects(text: string): ClaudeProject[] {
  const folders = Object.entries(projectsIn(text)).flatMap(([folder, project]) => {
    const servers = isTable(project) ? project.mcpServers : undefined
    return isTable(servers) && Object.keys(servers).length > 0 ? [folder] : []
  })
  return folders.slice(0, mostShown).map((folder) => ({ folder, id: idOf(folder) }))
}

/** The same folder, however its name is written on Windows. */
export function isSameFolder(platform: string, a: string, b: string): boolean {
  if (platform !== 'win32') return posix.normalize(`${a}/`) === posix.normalize(`${b}/`)
  const plain = (folder: string) => win32.normalize(`${folder}/`).toLowerCase()
  return plain(a) === plain(b)
}

function projectsIn(text: string): JsonObject {
  const { projects } = wholeOf(text)
  return isTable(projects) ? projects : {}
}

function wholeOf(text: string): JsonObject {
  for (const read of [JSON.parse, jsonFormat.read]) {
    try {
      const whole: unknown = read(text)
      if (isTable(whole)) return whole
    } catch {
      // the next one allows comments
    }
  }
  return {}
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
