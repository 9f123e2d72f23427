import type { JsonObject } from '../../../shared/domain/json.ts'
import { isTable } from './config-format.ts'
import { jsonFormat } from './json-format.ts'

export interface VsCodeProfile {
  /** Of its folder under `profiles`. */
  readonly folder: string
  readonly name: string
}

/**
 * The profiles of VS Code that have servers of their own: those that take the default profile's need no entry.
 *
 * @param text `globalStorage/storage.json`, where VS Code keeps them; what cannot be read names none
 * @see https://code.visualstudio.com/docs/configure/profiles
 */
export function vsCodeProfiles(text: string): VsCodeProfile[] {
  return profilesIn(text).flatMap((profile) => {
    const { location, name, useDefaultFlags } = profile
    if (typeof location !== 'string' || typeof name !== 'string' || !/^[\w-]{1,64}$/.test(location)) return []
    if (isTable(useDefaultFlags) && useDefaultFlags.mcp === true) return []
    return [{ folder: location, name }]
  })
}

function profilesIn(text: string): JsonObject[] {
  try {
    const { userDataProfiles } = jsonFormat.read(text)
    return Array.isArray(userDataProfiles) ? userDataProfiles.filter(isTable) : []
  } catch {
    return []
  }
}
