import { type ClaudeProject, claudeProjects } from './claude-projects.ts'
import { type Computer, codeUser, join, type KnownApp, knownApps } from './known-apps.ts'
import { vsCodeProfiles } from './vscode-profiles.ts'

/** The known apps, and one more for each profile of VS Code and each project of Claude Code with servers of its own, paired under its own name. */
export const appsOn = (computer: Computer): readonly KnownApp[] => [
  ...knownApps,
  ...codeProfiles(computer),
  ...projectsOfClaude(computer).map(({ app }) => app),
]

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

/** Each stands in the app's own file, beside the servers of all projects. */
export function projectsOfClaude(computer: Computer): (ClaudeProject & { readonly app: KnownApp })[] {
  const claude = knownApps.find(({ id }) => id === 'claude-code')
  const [file] = claude?.files(computer) ?? []
  const text = file === undefined ? '' : (computer.read?.(file) ?? '')
  if (!claude || text === '') return []
  const { projectFile: _, ...app } = claude
  return claudeProjects(text).map((project) => ({
    ...project,
    app: {
      ...app,
      id: project.id,
      title: `${app.title} (${shortened(computer, project.folder)})`,
      place: { ...app.place, within: ['projects', project.folder] },
    },
  }))
}

/** Its end says most. */
function shortened({ home }: Computer, folder: string): string {
  const short = folder.startsWith(home) ? `~${folder.slice(home.length)}` : folder
  return short.length <= 40 ? short : `…${short.slice(-39)}`
}
