import { vAny } from '@anthropic-ai/mcpb/schemas'
import type { OpenBundle } from './open-bundle.ts'
import { readEntry, refused } from './open-bundle.ts'

export interface BundleSetting {
  readonly type: 'string' | 'number' | 'boolean' | 'directory' | 'file'
  readonly title: string
  readonly description: string
  readonly required?: boolean | undefined
  readonly default?: string | number | boolean | readonly string[] | undefined
  readonly multiple?: boolean | undefined
  readonly sensitive?: boolean | undefined
}

interface BundleCommand {
  readonly command?: string | undefined
  readonly args?: readonly string[] | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** What an MCP bundle says of itself, as far as it is used here. */
export interface BundleManifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly author: { readonly name: string }
  readonly server: {
    readonly type: string
    readonly entry_point: string
    readonly mcp_config: BundleCommand & {
      readonly platform_overrides?: Readonly<Record<string, BundleCommand>> | undefined
    }
  }
  readonly user_config?: Readonly<Record<string, BundleSetting>> | undefined
}

const largest = 1024 ** 2

/** @throws input.invalid listing what is wrong with it */
export async function manifestOf({ zip, files }: OpenBundle): Promise<BundleManifest> {
  const entry = files.find(({ fileName }) => fileName === 'manifest.json')
  if (!entry) throw refused('it has no manifest.json')
  if (entry.uncompressedSize > largest) throw refused('its manifest.json is larger than 1 MB')
  let value: unknown
  try {
    value = JSON.parse((await readEntry(zip, entry)).toString('utf8'))
  } catch {
    throw refused('its manifest.json is no JSON')
  }
  const parsed = vAny.McpbManifestSchema.safeParse(value)
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')} ${message}`)
    throw refused(`its manifest is not as it should be: ${problems.join('; ').slice(0, 500)}`)
  }
  return parsed.data as BundleManifest
}
