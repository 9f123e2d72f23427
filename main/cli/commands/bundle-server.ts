import { resolve } from 'node:path'
import { cellSentence, signatureSentence } from '../../../shared/messages/bundle-words.ts'
import type { Cli } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { levelName } from '../option-values.ts'
import { showCell } from './cells.ts'
import { showFindings } from './findings.ts'
import { showPlan } from './server-changes.ts'
import { type ServerOptions, settingsOf } from './server-options.ts'

export interface BundleOptions extends ServerOptions {
  readonly bundle: string
  readonly config?: readonly (readonly [string, string])[]
}

/** Shows what a bundle is and would run, asks for its settings, and only then unpacks and adds it. */
export async function addBundleServer(cli: Cli, name: string, options: BundleOptions): Promise<number> {
  const { app, out, terminal } = cli
  const folder = terminal.surroundings.workingFolder
  const { secretNames: _, ...settings } = settingsOf(options, folder)
  const draft = { name, file: resolve(folder, options.bundle), config: configOf(options), ...settings }
  const looked = await app.api.bundles.plan(draft)
  const config = await withMissing(cli, draft.config, looked)
  const shown = await app.api.bundles.plan({ ...draft, config })
  showBundle(cli, shown)
  showPlan(cli, shown.plan, name)
  if (!options.yes && !(await terminal.agrees(`Add “${name}” and run this?`)))
    throw new WrongUsage('Nothing was added. Agree with y, or add --yes.')
  const secrets = await secretsOf(cli, shown)
  const added = await app.api.bundles.add({
    ...draft,
    config,
    secrets,
    sha256: shown.bundle.sha256,
    acceptPins: options.yes ?? false,
    acceptFindings: options.acceptFindings ?? false,
  })
  out.result(added, () => {
    out.line(`Added ${name}: ${added.tools} tools, sandbox ${levelName(added.sandbox)}.`, 'green')
    if (added.registration) showCell(out, added.registration)
    showFindings(out, added.findings)
    if (added.quarantined > 0) out.line(`Look at them and accept them with: gatehouse servers review ${name} --accept`)
  })
  return exitCodes.done
}

type Shown = Awaited<ReturnType<Cli['app']['api']['bundles']['plan']>>
type Config = Record<string, string | string[]>

/** A setting given several times has several values. */
function configOf({ config = [] }: BundleOptions): Config {
  const all = Map.groupBy(config, ([key]) => key)
  return Object.fromEntries(
    [...all].map(([key, pairs]) => [key, pairs.length > 1 ? pairs.map(([, value]) => value) : (pairs[0]?.[1] ?? '')]),
  )
}

async function withMissing({ terminal }: Cli, config: Config, { missing, settings }: Shown): Promise<Config> {
  const more: Config = {}
  for (const key of missing) {
    if (!terminal.canAsk) throw new WrongUsage(`Give a value for ${key}: --config ${key}=VALUE`)
    const title = settings.find((setting) => setting.key === key)?.title ?? key
    more[key] = await terminal.asked(`${title}: `)
  }
  return { ...config, ...more }
}

/** Typed unseen; without a terminal they are set later, by the names of the environment. */
async function secretsOf({ terminal, out }: Cli, { settings, secretNames }: Shown): Promise<Record<string, string>> {
  const sensitive = settings.filter((setting) => setting.sensitive)
  if (!terminal.canAsk) {
    for (const name of secretNames) out.note(`Set its secret afterwards with: gatehouse secrets set SERVER ${name}`)
    return {}
  }
  const values: Record<string, string> = {}
  for (const { key, title } of sensitive) {
    const value = await terminal.hidden(`${title}: `)
    if (value !== '') values[key] = value
  }
  return values
}

function showBundle({ out }: Cli, { bundle }: Shown): void {
  out.note(`${bundle.name} ${bundle.version} by ${bundle.author}: ${bundle.description}`)
  out.note(
    `  file         ${bundle.sha256} (SHA-256), ${bundle.files} files, ${Math.ceil(bundle.bytes / 1024)} KB unpacked`,
  )
  const { signature } = bundle
  out.note(`  signature    ${signatureSentence(signature, 'en', bundle.cell)}`)
  if (signature.state !== 'unsigned') out.note(`               certificate ${signature.fingerprint} (SHA-256)`)
  if (bundle.cell) out.note(`  cell.json    ${cellSentence(bundle.cell, 'en')}`)
}
