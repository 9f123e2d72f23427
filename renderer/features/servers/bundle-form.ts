import type { z } from 'zod'
import type { bundleDraft, bundlePlan, bundleSetting } from '../../../shared/contract/bundles.ts'
import { serverNamePattern } from '../../../shared/domain/ids.ts'
import { linesOf } from './draft.ts'
import type { Folder } from './folder-list-field.tsx'
import type { SandboxLevel } from './sandbox-field.tsx'

export type BundleSetting = z.output<typeof bundleSetting>
export type BundlePlan = z.output<typeof bundlePlan>
export type BundleDraft = z.input<typeof bundleDraft>

/** What the person typed into the “add from a bundle” form. */
export interface BundleForm {
  readonly name: string
  readonly file: string
  readonly sandbox: SandboxLevel
  readonly folders: readonly Folder[]
  /** One host a line. */
  readonly hosts: string
  /** By the settings' names, as typed; those of sensitive ones go to the keychain, never into the draft. */
  readonly settings: Readonly<Record<string, string>>
}
export const emptyBundle: BundleForm = { name: '', file: '', sandbox: 2, folders: [], hosts: '', settings: {} }

export type BundleFormProblem = 'servers.add.problem.name' | 'bundle.problem.file'

/** Turns the form into a draft, or names the first thing that is not right. Main checks it again. */
export function checkBundle(form: BundleForm, known: readonly BundleSetting[]): BundleDraft | BundleFormProblem {
  if (!serverNamePattern.test(form.name)) return 'servers.add.problem.name'
  if (form.file.trim() === '') return 'bundle.problem.file'
  return {
    name: form.name,
    file: form.file.trim(),
    sandbox: form.sandbox,
    allowedPaths: [...form.folders],
    allowedHosts: linesOf(form.hosts),
    config: Object.fromEntries(
      known
        .filter(({ key, sensitive }) => !sensitive && (form.settings[key] ?? '').trim() !== '')
        .map(({ key, multiple }) => [key, multiple ? linesOf(form.settings[key] ?? '') : (form.settings[key] ?? '')]),
    ),
  }
}

/** Values of sensitive settings, by the settings' names. */
export function bundleSecrets({ settings }: BundleForm, known: readonly BundleSetting[]): Record<string, string> {
  const typed = known.filter(({ key, sensitive }) => sensitive && (settings[key] ?? '') !== '')
  return Object.fromEntries(typed.map(({ key }) => [key, settings[key] ?? '']))
}

/** Titles of settings it cannot run without and that have no value. */
export function lacking(form: BundleForm, { settings, missing }: BundlePlan): string[] {
  const secrets = bundleSecrets(form, settings)
  return settings
    .filter(({ key, required, sensitive }) =>
      sensitive ? required && secrets[key] === undefined : missing.includes(key),
    )
    .map(({ title }) => title)
}
