import { rm } from 'node:fs/promises'
import type { BundleDraft } from '../../../shared/contract/bundles.ts'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { cellIn } from '../../cells/bundle/bundle-cell.ts'
import { type BundleRun, runOf } from '../../cells/bundle/bundle-command.ts'
import { type BundleManifest, type BundleSetting, manifestOf } from '../../cells/bundle/bundle-manifest.ts'
import { type OpenBundle, openBundle } from '../../cells/bundle/open-bundle.ts'
import { unpackBundle } from '../../cells/bundle/unpack.ts'
import type { Credentials } from '../../credentials/credentials.ts'
import type { GivenFolder } from '../../supervisor/given-folders.ts'
import { putInPlace, stagingFolder } from '../../supervisor/packages/staging.ts'
import type { Workspaces } from '../../workspaces/workspaces.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

export interface BundlePlaces {
  /** `packages` in the data folder. */
  readonly packages: string
  /** A plain Node for bundles that run on one. */
  readonly node: string
}

interface Prepared {
  readonly open: OpenBundle
  readonly manifest: BundleManifest
  readonly run: BundleRun
  readonly server: ServerConfig
}

/** Servers from MCP bundles: looked into, shown, unpacked and only then tried out. */
export function bundlesHandlers(
  { administration, packages, trust }: Hosting,
  credentials: Credentials,
  places: BundlePlaces,
  workspaces: Pick<Workspaces, 'need'>,
  note: Note,
): GatehouseHandlers['bundles'] {
  const prepare = async ({ file, config, ...draft }: BundleDraft): Promise<Prepared> => {
    const open = await openBundle(file)
    const manifest = await manifestOf(open)
    const folder = packages.folderOf(draft.name)
    const run = runOf(manifest, folder, places.node, config)
    const bundle = { folder, name: manifest.name, version: manifest.version, sha256: open.sha256 }
    const server = administration.configOf(
      {
        ...draft,
        env: { ...run.env, ...draft.env },
        secretNames: Object.keys(run.secrets),
        allowedPaths: [...(draft.allowedPaths ?? []), ...named(run, draft.allowedPaths)],
      },
      { kind: 'command', command: run.command, args: run.args, bundle },
    )
    return { open, manifest, run, server }
  }
  return {
    plan: async (draft) => {
      const { open, manifest, run, server } = await prepare(draft)
      const cell = await cellIn(open, trust)
      return {
        plan: await administration.planFor(server),
        bundle: {
          name: manifest.name,
          version: manifest.version,
          author: manifest.author.name,
          description: manifest.description,
          sha256: open.sha256,
          files: open.files.length,
          bytes: open.bytes,
          signature: open.signature,
          ...(cell ? { cell } : {}),
        },
        settings: Object.entries(manifest.user_config ?? {}).map(shownSetting),
        missing: [...run.missing],
        secretNames: Object.keys(run.secrets),
      }
    },
    add: async ({ sha256, secrets, acceptPins, acceptFindings, ...draft }, { description }) => {
      if (draft.workspace !== undefined) workspaces.need(draft.workspace)
      const { open, run, server } = await prepare(draft)
      if (open.sha256 !== sha256)
        throw inputInvalid('The bundle is another file than the one that was shown. Look again.')
      if (run.missing.length > 0) throw inputInvalid(`It needs a value for: ${run.missing.join(', ')}.`)
      const what = `Server “${draft.name}” was added from a bundle: ${[run.command, ...run.args].join(' ')}`
      const put = async () => {
        await unpackInto(open, places.packages, server)
        for (const [name, filled] of Object.entries(run.secrets)) {
          const value = filled(secrets)
          if (value !== undefined) await credentials.set(server.name, name, value)
        }
      }
      return noted(note, [description, 'server.add', what], () =>
        administration.addPrepared(server, { acceptPins, acceptFindings }, put),
      )
    },
  }
}

async function unpackInto(open: OpenBundle, packages: string, server: ServerConfig): Promise<void> {
  const staging = await stagingFolder(packages, server.name)
  try {
    await unpackBundle(open, staging)
    await putInPlace(staging, `${packages}/${server.name}`)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** What the person named in a setting may be read; writing is allowed apart. */
const named = ({ named: paths }: BundleRun, given: readonly GivenFolder[] = []): GivenFolder[] =>
  paths.filter((path) => !given.some((one) => one.path === path)).map((path) => ({ path, access: 'read' }))

function shownSetting([key, setting]: readonly [string, BundleSetting]) {
  const { type, title, description, required = false, multiple = false, sensitive = false } = setting
  const value = setting.default
  const shown = value === undefined || sensitive ? {} : { default: Array.isArray(value) ? [...value] : String(value) }
  return { key, type, title, description, required, multiple, sensitive, ...shown }
}
