import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

/**
 * Authenticates rows that give rights (grants, pins, clients, servers, approvals), so that a row edited without the
 * keychain key counts for nothing (DESIGN section 2, "Two attackers").
 */
export interface RowSeal {
  /** HMAC-SHA-256 over the table's name and the RFC 8785 text of the fields, base64url. */
  seal(table: string, fields: JsonObject): string
  /** Constant time. A row that fails is treated as absent by its owner, and reported. */
  holds(table: string, fields: JsonObject, seal: string): boolean
}

/** @param key 32 bytes from the keychain */
export function rowSeal(key: Buffer): RowSeal {
  const mac = (table: string, fields: JsonObject) =>
    createHmac('sha256', key).update(`${table}\n`).update(canonicalJson(fields)).digest()
  return {
    seal: (table, fields) => mac(table, fields).toString('base64url'),
    holds: (table, fields, seal) => {
      const given = Buffer.from(seal, 'base64url')
      const right = mac(table, fields)
      return given.length === right.length && timingSafeEqual(given, right)
    },
  }
}
