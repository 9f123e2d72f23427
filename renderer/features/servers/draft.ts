import type { z } from 'zod'
import type { serverDraft } from '../../../shared/contract/servers.ts'
import { serverNamePattern } from '../../../shared/domain/ids.ts'
import { splitCommandLine } from './command-line.ts'
import type { Folder } from './folder-list-field.tsx'
import type { SandboxLevel } from './sandbox-field.tsx'

/** What the person typed into the "add a server" form. */
export interface DraftForm {
  readonly name: string
  readonly line: string
  readonly sandbox: SandboxLevel
  readonly folders: readonly Folder[]
  /** One host a line. */
  readonly hosts: string
  /** `NAME=value`, one a line. */
  readonly env: string
  /** `NAME=value`, one a line; the values go to the key ring, never into the draft. */
  readonly secrets: string
}

export const emptyForm: DraftForm = { name: '', line: '', sandbox: 2, folders: [], hosts: '', env: '', secrets: '' }

export type FormProblem = 'name' | 'command.empty' | 'command.quote' | 'env' | 'secrets'
export type CheckedForm =
  | { readonly ok: true; readonly draft: z.input<typeof serverDraft>; readonly secrets: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problem: FormProblem }

/** Turns the form into a draft, or names the first thing that is not right. Main checks it again. */
export function checkForm(form: DraftForm): CheckedForm {
  if (!serverNamePattern.test(form.name)) return { ok: false, problem: 'name' }
  const line = splitCommandLine(form.line)
  if (!line.ok) return { ok: false, problem: line.problem === 'empty' ? 'command.empty' : 'command.quote' }
  const env = parsePairs(form.env)
  if (!env) return { ok: false, problem: 'env' }
  const secrets = parsePairs(form.secrets)
  if (!secrets) return { ok: false, problem: 'secrets' }
  return {
    ok: true,
    secrets,
    draft: {
      name: form.name,
      command: line.command,
      args: [...line.args],
      sandbox: form.sandbox,
      allowedPaths: [...form.folders],
      allowedHosts: linesOf(form.hosts),
      env: Object.fromEntries(env),
      secretNames: [...secrets.keys()],
    },
  }
}

export const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** @returns undefined when a line is not `NAME=value` */
function parsePairs(text: string): Map<string, string> | undefined {
  const pairs = new Map<string, string>()
  for (const line of linesOf(text)) {
    const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.+)$/.exec(line)
    if (!match?.[1] || match[2] === undefined) return undefined
    pairs.set(match[1], match[2])
  }
  return pairs
}
