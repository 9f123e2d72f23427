import { existsSync, realpathSync } from 'node:fs'
import type { z } from 'zod'
import type { allowedPath } from '../../shared/contract/shapes.ts'
import { type AllowedPath, isOver, plainAccess } from '../../shared/domain/folder-rights.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { inputInvalid } from '../../shared/errors.ts'

export type GivenFolder = z.output<typeof allowedPath>

/**
 * Folders as the person gave them, as they are kept: real paths, rights in their shortest form. One that ended and is given
 * with the same end stays ended, whatever the clock says now.
 *
 * @param before what the server had
 * @throws input.invalid for a folder that does not exist, and for rights nobody could hold this server to
 */
export function givenFolders(
  origin: ServerConfig['origin'],
  given: readonly GivenFolder[],
  before: readonly AllowedPath[],
  now: EpochMs,
): AllowedPath[] {
  const kept = given.map(({ path, access, until, ended }) => {
    const known = before.find((folder) => folder.path === path && folder.until === until)
    const over = ended === true || known?.ended === true || isOver({ ...(until === undefined ? {} : { until }) }, now)
    if (!over && !existsSync(path)) throw inputInvalid(`The folder “${path}” does not exist.`)
    return {
      path: over && !existsSync(path) ? path : realpathSync(path),
      access: heldTo(origin, path, plainAccess(access)),
      ...(until === undefined ? {} : { until }),
      ...(over ? { ended: true as const } : {}),
    }
  })
  const twice = kept.find(({ path }, place) => kept.findIndex((other) => other.path === path) !== place)
  if (twice !== undefined) throw inputInvalid(`The folder “${twice.path}” is named twice. Name it once.`)
  return kept
}

/** A sandbox lays a folder open for reading or for changing; only Gatehouse's own files server tells changes apart. */
function heldTo(origin: ServerConfig['origin'], path: string, access: AllowedPath['access']): AllowedPath['access'] {
  if (typeof access === 'string' || (origin.kind === 'bundled' && origin.bundle === 'filesystem')) return access
  throw inputInvalid(
    `Only Gatehouse’s own filesystem server can be held to “${access.join(', ')}” in “${path}”: what another program does in a folder cannot be told apart. Let it read the folder, or change it.`,
  )
}
