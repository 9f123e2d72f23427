import type { CatalogView } from '../../../shared/contract/catalog.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'

export interface ReadViews {
  /** Missing until they are read. */
  readonly views?: readonly CatalogView[]
  readonly again: () => void
}

/** Who sees only a part of the catalog. */
export function useViews(): ReadViews {
  const revision = useMirror((mirror) => mirror.revision.clients)
  const { value, again } = useReading((api) => api.catalog.views(), revision)
  return { again, ...(value ? { views: value.views } : {}) }
}
