import { homedir } from 'node:os'
import { join, sep } from 'node:path'
import type { BundleManifest, BundleSetting } from './bundle-manifest.ts'
import { refused } from './open-bundle.ts'

export type Config = Readonly<Record<string, string | readonly string[]>>

/** What a bundle would run, in full. */
export interface BundleRun {
  readonly command: string
  readonly args: readonly string[]
  /** Plain environment values. */
  readonly env: Readonly<Record<string, string>>
  /** Environment names that hold a sensitive setting: what they become once it is known. */
  readonly secrets: Readonly<Record<string, (values: Readonly<Record<string, string>>) => string | undefined>>
  /** Folders and files the person named in its settings. */
  readonly named: readonly string[]
  /** Required settings without a value; sensitive ones are not among them. */
  readonly missing: readonly string[]
}

const place = /\$\{([^}]{1,100})\}/g
const environmentName = /^[A-Za-z_][A-Za-z0-9_]*$/
/** What would make the program another one. */
const steering =
  /^(?:LD_|DYLD_|NODE_OPTIONS$|NODE_PATH$|PYTHONPATH$|PYTHONSTARTUP$|PATH$|HOME$|GATEHOUSE_|ELECTRON_|BASH_ENV$|ENV$)/i

/**
 * Fills the places of a bundle's command. A sensitive setting goes into the environment or nowhere: a command line can be
 * read by every program of this computer.
 * @param folder where it is, or will be, unpacked
 * @throws input.invalid
 */
export function runOf(manifest: BundleManifest, folder: string, node: string, config: Config): BundleRun {
  const { mcp_config: base } = manifest.server
  const over = base.platform_overrides?.[process.platform] ?? {}
  const settings = manifest.user_config ?? {}
  const known = Object.keys(settings)
  const stray = Object.keys(config).find((key) => !known.includes(key))
  if (stray !== undefined) throw refused(`it has no setting “${stray}”`)
  const fill = filler(settings, folder, config)
  const args = (over.args ?? base.args ?? []).flatMap((arg) => fill.words(arg))
  const command = fill.text(over.command ?? base.command ?? '', 'the command')
  const env: Record<string, string> = {}
  const secrets: Record<string, (values: Readonly<Record<string, string>>) => string | undefined> = {}
  for (const [name, template] of Object.entries(over.env ?? base.env ?? {})) {
    if (!environmentName.test(name) || steering.test(name)) throw refused(`it sets the environment value “${name}”`)
    const sensitive = placesIn(template).filter((key) => settings[settingOf(key) ?? '']?.sensitive)
    if (sensitive.length === 0) env[name] = fill.text(template, name)
    else secrets[name] = (values) => fill.withSecrets(template, values)
  }
  return {
    command: command === 'node' ? node : command,
    args,
    env,
    secrets,
    named: known.flatMap((key) => pathsIn(settings[key] as BundleSetting, fill.values(key))),
    missing: known.filter(
      (key) => settings[key]?.required && !settings[key]?.sensitive && fill.values(key).length === 0,
    ),
  }
}

const placesIn = (template: string): string[] => [...template.matchAll(place)].map(([, key = '']) => key)
const settingOf = (key: string) => (key.startsWith('user_config.') ? key.slice('user_config.'.length) : undefined)

function pathsIn({ type }: BundleSetting, values: readonly string[]): readonly string[] {
  return type === 'directory' || type === 'file' ? values.filter((value) => value !== '') : []
}

function filler(settings: Readonly<Record<string, BundleSetting>>, folder: string, config: Config) {
  const home = homedir()
  const fixed: Readonly<Record<string, string>> = {
    __dirname: folder,
    pathSeparator: sep,
    '/': sep,
    HOME: home,
    DESKTOP: join(home, 'Desktop'),
    DOCUMENTS: join(home, 'Documents'),
    DOWNLOADS: join(home, 'Downloads'),
  }
  const homely = (value: string) => value.replace(place, (whole, key: string) => fixed[key] ?? whole)
  const values = (key: string): readonly string[] => {
    const given = config[key] ?? settings[key]?.default
    if (given === undefined || given === '') return []
    return (Array.isArray(given) ? given : [String(given)]).map((value) => homely(String(value)))
  }
  const one = (key: string, where: string, secrets?: Readonly<Record<string, string>>): string => {
    if (Object.hasOwn(fixed, key)) return fixed[key] ?? ''
    const setting = settingOf(key)
    if (setting === undefined || settings[setting] === undefined)
      throw refused(`${where} names “${key}”, which nothing says`)
    if (!settings[setting]?.sensitive) return values(setting).join(',')
    const value = secrets?.[setting]
    if (value === undefined) throw refused(`${where} would show the secret “${setting}” to every program`)
    return value
  }
  return {
    values,
    text: (template: string, where: string) => template.replace(place, (_, key: string) => one(key, where)),
    /** One word, or one for each value of a setting that has several. */
    words: (template: string): readonly string[] => {
      const alone = /^\$\{user_config\.([^}]+)\}$/.exec(template)?.[1]
      if (alone !== undefined && settings[alone] && !settings[alone]?.sensitive) return values(alone)
      return [template.replace(place, (_, key: string) => one(key, 'its command line'))]
    },
    withSecrets: (template: string, secrets: Readonly<Record<string, string>>): string | undefined => {
      const needed = placesIn(template).flatMap((key) => settingOf(key) ?? [])
      if (needed.some((key) => settings[key]?.sensitive && secrets[key] === undefined)) return undefined
      return template.replace(place, (_, key: string) => one(key, 'it', secrets))
    },
  }
}
