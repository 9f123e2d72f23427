import { getLoadablePath } from 'sqlite-vec'
import type { Database } from '../store/database.ts'
import { outsideArchive } from './outside-archive.ts'

export type VectorSupport = { readonly kind: 'sqlite-vec' } | { readonly kind: 'scan'; readonly problem: string }

/** Loads sqlite-vec into a database; where it cannot be loaded, says why, and vectors are compared one by one instead. */
export function loadVectors(db: Database): VectorSupport {
  try {
    db.loadExtension(outsideArchive(getLoadablePath()))
    return { kind: 'sqlite-vec' }
  } catch (error) {
    return { kind: 'scan', problem: error instanceof Error ? error.message : String(error) }
  }
}
