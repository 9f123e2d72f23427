import type { ServerName } from '../../shared/domain/ids.ts'

interface Warned {
  readonly warnings: (server: ServerName) => readonly unknown[]
}

/**
 * One server's entries may be mistaken for another's, so what changes with one concerns the other's card too.
 * @returns announces every server of which there is more or less to mind than when it was last announced
 */
export function toldWarnings(
  catalog: () => Warned,
  servers: () => readonly { readonly name: ServerName }[],
  announce: (server: ServerName) => void,
): () => void {
  const told = new Map<ServerName, number>()
  return () => {
    for (const { name } of servers()) {
      const count = catalog().warnings(name).length
      if (count === (told.get(name) ?? 0)) continue
      told.set(name, count)
      announce(name)
    }
  }
}
