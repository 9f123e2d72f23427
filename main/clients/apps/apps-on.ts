import type { JsonObject } from '../../../shared/domain/json.ts'
import { type ClaudeProject, claudeProjects } from './claude-projects.ts'
import { type Computer, codeUser, join, type KnownApp, knownApps } from './known-apps.ts'
import type { ReadOnce } from './read-once.ts'
import { vsCodeProfiles } from './vscode-profiles.ts'

/** The known apps, and one more for each profile of VS Code and each project of Claude Code with servers of its own, paired under its own name. */
export function appsOn(computer: Computer, isKept: IsKept, once: ReadOnce): readonly KnownApp[] {
  const read = once.of(computer)
  return [...knownApps, ...codeProfiles(read), ...projectsOfClaude(read, isKept, once).map(({ app }) => app)]
}

/** Whether an app is known however many there are, by its name and the servers it has. */
export type IsKept = (app: string, servers: JsonObject) => boolean

function codeProfiles(computer: Computer): KnownApp[] {
  const code = knownApps.find(({ id }) => id === 'vscode')
  const text = computer.read?.(codeUser(computer, 'globalStorage', 'storage.json')) ?? ''
  if (!code || text === '') return []
  const { projectFile: _, ...app } = code
  return vsCodeProfiles(text).map(({ folder, name }): KnownApp => {
    const place = codeUser(computer, 'profiles', folder)
    return {
      ...app,
      id: `vscode-${folder
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')}`,
      title: `${app.title} (${name.slice(0, 40)})`,
      files: () => [join(computer, place, 'mcp.json')],
      traces: () => [place],
    }
  })
}

const isClaude = ({ id }: KnownApp) => id === 'claude-code'

/** Where Claude Code keeps the servers of the person and of all projects. */
export const claudeFile = (computer: Computer): string => knownApps.find(isClaude)?.files(computer)[0] ?? ''

/** Each stands in the app's own file, beside the servers of all projects; a file that cannot be read names none. */
export function projectsOfClaude(
  computer: Computer,
  isKept: IsKept,
  { parse }: ReadOnce,
): (ClaudeProject & { readonly app: KnownApp })[] {
  const claude = knownApps.find(isClaude)
  const whole = wholeOf(computer.read?.(claudeFile(computer)) ?? '', parse)
  if (!claude) return []
  const { projectFile: _, ...app } = claude
  return claudeProjects(whole, isKept).map((project) => ({
    ...project,
    app: {
      ...app,
      id: project.id,
      title: `${app.title} (${shortened(computer, project.folder)})`,
      place: { ...app.place, within: ['projects', project.folder] },
    },
  }))
}

/** A project that was connected and that Claude Code no longer knows: its folder was deleted or moved. */
export function goneProject(id: string): KnownApp | undefined {
  const claude = knownApps.find(isClaude)
  if (!claude || !id.startsWith(`${claude.id}-`)) return undefined
  const { projectFile: _, ...app } = claude
  const title = `${app.title} (${id.slice(claude.id.length + 1)}, a project it no longer has)`
  return { ...app, id, title, gone: true }
}

function wholeOf(text: string, parse: ReadOnce['parse']): JsonObject {
  try {
    return parse('json', text.replace(/^\ufeff/, ''))
  } catch {
    return {}
  }
}

/** Its end says most. */
function shortened({ home }: Computer, folder: string): string {
  const short = folder.startsWith(home) ? `~${folder.slice(home.length)}` : folder
  return short.length <= 40 ? short : `…${short.slice(-39)}`
}
