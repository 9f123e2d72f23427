import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { z } from 'zod'
import { inputInvalid } from '../../shared/errors.ts'
import { type Config, configSchema, widening } from './config-schema.ts'

export type { Config } from './config-schema.ts'

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

/** What `config.yaml` and the environment say. Neither is a person: see `notices`. */
export interface OutsideConfig {
  readonly config: Config
  /** Paths of the settings that are named there. */
  readonly named: ReadonlySet<string>
  /** Values that would widen what AI apps may do, by path: not used until the person says so (DESIGN section 2). */
  readonly withheld: ReadonlyMap<string, number>
  /** A sentence for each of those. */
  readonly notices: string[]
}

/** @throws input.invalid listing every problem at once */
export function readConfig(file: string, env: NodeJS.ProcessEnv): OutsideConfig {
  const given = merge(fromFile(file), fromEnvironment(env))
  const parsed = configSchema.safeParse(given)
  if (!parsed.success) throw inputInvalid(problems(parsed.error, file))
  return { ...withoutWidening(parsed.data), named: new Set(pathsOf(given)) }
}

/** `{ a: { b: 1 } }` → `a.b`. */
const pathsOf = (tree: Tree, before = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) ? pathsOf(value, `${before}${key}.`) : [`${before}${key}`],
  )

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

function place(tree: Tree, path: readonly string[], value: unknown): void {
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

function withoutWidening(config: Config): Omit<OutsideConfig, 'named'> {
  const defaults = configSchema.parse({})
  const used = structuredClone(config)
  const withheld = new Map<string, number>()
  const notices: string[] = []
  for (const path of widening) {
    const wanted = Number(valueAt(config, path))
    const most = Number(valueAt(defaults, path))
    if (wanted <= most) continue
    place(used as unknown as Tree, path.split('.'), most)
    withheld.set(path, wanted)
    notices.push(
      `${path} = ${wanted} was found in a file or the environment and is not used: it would widen what AI apps may do (now ${most}). You can set it under Settings.`,
    )
  }
  return { config: used, withheld, notices }
}

/** What is at `limits.concurrency`, say. */
export const valueAt = (tree: object, path: string): unknown =>
  path.split('.').reduce<unknown>((branch, key) => (isTree(branch) ? branch[key] : undefined), tree)

/** The settings with these put in by path. */
export function withValues(config: Config, values: Readonly<Record<string, unknown>>): Config {
  const tree = structuredClone(config) as unknown as Tree
  for (const [path, value] of Object.entries(values)) place(tree, path.split('.'), value)
  return tree as unknown as Config
}
