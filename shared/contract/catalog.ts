import { z } from 'zod'
import { warningKinds } from '../domain/catalog.ts'
import { listModes } from '../domain/catalog-view.ts'
import { call, event } from './define.ts'
import { anyServerName, entryName } from './shapes.ts'

/** An entry that could be mistaken for another server's, or speaks of one. Nothing is held back for it. */
export const catalogWarning = z.object({
  kind: z.enum(warningKinds),
  server: anyServerName,
  name: entryName,
  otherServer: anyServerName,
  other: entryName,
})
export type CatalogWarning = z.output<typeof catalogWarning>

const holder = z.enum(['client', 'workspace'])

/** What a client, or every client of a workspace, sees; the rest is neither listed nor callable. */
export const catalogView = z.object({
  holder,
  name: z.string(),
  /** Only these servers; without it all of them, also those added later. */
  servers: z.array(anyServerName).optional(),
  /** Names or addresses that are not seen; `*` stands for any text. */
  hidden: z.array(z.string()),
  mode: z.enum(listModes).optional(),
  /** It was changed outside Gatehouse: nothing is seen until it is set again. */
  broken: z.boolean(),
})
export type CatalogView = z.output<typeof catalogView>

export const catalog = {
  /** Those that were set; everyone else sees everything of their workspace. */
  views: call(z.void(), z.object({ views: z.array(catalogView) }), { verb: 'status' }),
  /** Members that are left out stay as they are; `null` takes a limit or a mode back. */
  setView: call(
    z.object({
      holder,
      name: z.string().min(1).max(64),
      servers: z.array(anyServerName).max(500).nullable().optional(),
      hidden: z.array(z.string().min(1).max(200)).max(200).optional(),
      mode: z.enum(listModes).nullable().optional(),
    }),
    catalogView,
    { verb: 'changes', widens: true },
  ),
  viewChanged: event(catalogView),
} as const
