import { z } from 'zod'
import { folderRights } from '../domain/folder-rights.ts'
import type {
  ApprovalId,
  ClientId,
  EntryName,
  EpochMs,
  GrantId,
  ServerName,
  SessionId,
  Sha256,
  WorkspaceName,
} from '../domain/ids.ts'
import { reservedServerNames, serverNamePattern } from '../domain/ids.ts'
import type { Json } from '../domain/json.ts'
import { riskLevels } from '../domain/verdict.ts'

/** Schemas the areas share. Brands are given here, at the parsed edge, and nowhere else. */
const branded = <T extends string>() =>
  z
    .string()
    .min(1)
    .max(4096)
    .transform((value) => value as T)
export const clientId = branded<ClientId>()
export const sessionId = branded<SessionId>()
export const approvalId = branded<ApprovalId>()
export const grantId = branded<GrantId>()
export const entryName = branded<EntryName>()
export const sha256 = branded<Sha256>()
export const workspaceName = branded<WorkspaceName>()
/** Milliseconds since 1970, UTC. */
export const epochMs = z
  .number()
  .int()
  .transform((value) => value as EpochMs)
export const serverName = z
  .string()
  .regex(serverNamePattern, 'A server name has 1 to 24 characters of a-z, 0-9 and -.')
  .refine((name) => !reservedServerNames.includes(name), 'This name is reserved.')
  .transform((value) => value as ServerName)
export const anyServerName = branded<ServerName>()
export const sandboxLevel = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)])
/** @see AllowedPath */
export const allowedPath = z.object({
  path: z.string().min(1).max(4096),
  access: z.union([
    z.enum(['read', 'write']),
    z.array(z.enum(folderRights)).min(1).max(folderRights.length).readonly(),
  ]),
  until: epochMs.optional(),
  ended: z.literal(true).optional(),
})
export const effect = z.enum(['allow', 'ask', 'deny'])
export const allowScope = z.enum(['once', 'session', 'arguments', 'folder', 'host', 'values', 'tool'])
export const riskLevel = z.enum(riskLevels)
/** JSON that nobody changes: what goes in and comes out is read only. */
export const json = z.json() as unknown as z.ZodType<Json, Json>
