import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { inputInvalid } from '../../shared/errors.ts'

/**
 * Settings that come from outside the app: `config.yaml` and `GATEHOUSE_…` variables, checked once at start and passed on.
 * Neither source is a person: a value there that would widen what AI apps may do is not used but reported (DESIGN section 2).
 */
export interface Config {
  readonly port: number
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  readonly keychain: 'system' | 'file'
  readonly approvals: {
    readonly expirySeconds: number
    readonly answerAfterSeconds: number
    readonly openPerClient: number
  }
  readonly limits: { readonly callsPerMinute: number; readonly concurrency: number; readonly deadlineSeconds: number }
  readonly tasks: { readonly afterSeconds: number; readonly keptSeconds: number }
  readonly servers: { readonly idleStopSeconds: number; readonly startSeconds: number }
  readonly cells: { readonly verifyHours: number; readonly updates: 'asked' | 'daily' }
  readonly oauth: {
    /** Where this Gatehouse’s client ID metadata document lies, for services that take one instead of a registration. */
    readonly clientMetadataUrl?: string | undefined
  }
}

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)
const schema = z.strictObject({
  port: whole(0, 65_535).default(0),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  keychain: z.enum(['system', 'file']).default('system'),
  approvals: z
    .strictObject({
      expirySeconds: whole(1, 86_400).default(300),
      answerAfterSeconds: whole(1, 3_600).default(45),
      openPerClient: whole(1, 1_000).default(20),
    })
    .prefault({}),
  limits: z
    .strictObject({
      callsPerMinute: whole(1, 10_000_000).default(1_000_000),
      concurrency: whole(1, 1_000).default(20),
      deadlineSeconds: whole(1, 86_400).default(60),
    })
    .prefault({}),
  tasks: z
    .strictObject({ afterSeconds: whole(1, 3_600).default(5), keptSeconds: whole(60, 604_800).default(86_400) })
    .prefault({}),
  servers: z
    .strictObject({ idleStopSeconds: whole(1, 86_400).default(300), startSeconds: whole(1, 600).default(30) })
    .prefault({}),
  cells: z
    .strictObject({
      /** Between two looks at the files of a server that is not started anew. */
      verifyHours: whole(1, 720).default(24),
      /** Whether registries are asked for newer versions once a day, or only when the person asks. */
      updates: z.enum(['asked', 'daily']).default('asked'),
    })
    .prefault({}),
  oauth: z
    .strictObject({
      clientMetadataUrl: z
        .url({ protocol: /^https$/ })
        .refine((url) => new URL(url).pathname !== '/', 'It must name a document, not a host.')
        .optional(),
    })
    .prefault({}),
})

/** Values that give AI apps more the higher they are. */
const widening = [
  'approvals.expirySeconds',
  'approvals.openPerClient',
  'limits.callsPerMinute',
  'limits.concurrency',
] as const

/** Variables of the start itself; INTERFACES names them, they are no settings. */
const reserved = new Set([
  'HOME',
  'SHELL',
  'VAULT_PASSPHRASE',
  'OPERATOR_PASSPHRASE',
  'RECOVERY_PASSPHRASE',
  'CONFIG',
  'TEST_FULL',
])

type Tree = { [key: string]: unknown }

/**
 * @returns the settings and a sentence for each value that was not used
 * @throws input.invalid listing every problem at once
 */
export function readConfig(file: string, env: NodeJS.ProcessEnv): { config: Config; notices: string[] } {
  const given = merge(fromFile(file), fromEnvironment(env))
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw inputInvalid(problems(parsed.error, file))
  return withoutWidening(parsed.data)
}

function fromFile(file: string): Tree {
  if (!existsSync(file)) return {}
  try {
    return (parse(readFileSync(file, 'utf8')) ?? {}) as Tree
  } catch (error) {
    throw inputInvalid(`${file} is not valid YAML: ${(error as Error).message}. Correct it or remove it.`)
  }
}

/** `GATEHOUSE_APPROVALS__EXPIRY_SECONDS` → `approvals.expirySeconds`. */
function fromEnvironment(env: NodeJS.ProcessEnv): Tree {
  const tree: Tree = {}
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('GATEHOUSE_') || value === undefined || value === '') continue
    const path = name.slice('GATEHOUSE_'.length)
    if (!reserved.has(path)) place(tree, path.split('__').map(camelCase), value)
  }
  return tree
}

function camelCase(part: string): string {
  return part.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function place(tree: Tree, path: string[], value: string): void {
  const [first, ...rest] = path
  if (first === undefined || first === '__proto__') return
  if (rest.length === 0) tree[first] = value
  else {
    const branch = typeof tree[first] === 'object' && tree[first] !== null ? (tree[first] as Tree) : {}
    tree[first] = branch
    place(branch, rest, value)
  }
}

function merge(base: Tree, over: Tree): Tree {
  const out: Tree = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = out[key]
    const both = isTree(value) && isTree(below)
    out[key] = both ? merge(below, value) : value
  }
  return out
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function problems(error: z.ZodError, file: string): string {
  const lines = error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`)
  return `The settings (${file} and GATEHOUSE_… variables) have ${lines.length} problem(s): ${lines.join('; ')}`
}

function withoutWidening(config: Config): { config: Config; notices: string[] } {
  const defaults = schema.parse({})
  const used = structuredClone(config) as { [area: string]: { [name: string]: number } } & Config
  const notices: string[] = []
  for (const path of widening) {
    const [area, name] = path.split('.') as ['approvals' | 'limits', string]
    const wanted = (config[area] as Readonly<Record<string, number>>)[name] ?? 0
    const most = (defaults[area] as Readonly<Record<string, number>>)[name] ?? 0
    if (wanted <= most) continue
    ;(used[area] as { [name: string]: number })[name] = most
    notices.push(
      `${path} = ${wanted} was found in a file or the environment and is not used: it would widen what AI apps may do (now ${most}).`,
    )
  }
  return { config: used, notices }
}
