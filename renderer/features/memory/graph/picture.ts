import type { z } from 'zod'
import type { GatehouseApi } from '../../../../shared/contract/contract.ts'
import type { memory } from '../../../../shared/contract/memory.ts'
import type { EpochMs } from '../../../../shared/domain/ids.ts'
import type { Workspace } from '../memory-types.ts'

type Portion = z.output<typeof memory.picture.output>
export type Node = Portion['nodes'][number]
export type Edge = Portion['edges'][number]

/** What is drawn. */
export interface Picture {
  readonly nodes: readonly Node[]
  /** Both ends are among the nodes. */
  readonly edges: readonly Edge[]
  /** Concepts there are in all. */
  readonly total: number
}

/** More is not drawn: nobody could tell it apart, and a frame would take too long. */
export const nodesAtMost = 10_000
const portionSize = 1_000

/** Reads the graph portion by portion, the concepts that changed last first. */
export async function readPicture(api: GatehouseApi, workspace: Workspace, asOf?: EpochMs): Promise<Picture> {
  const nodes = new Map<string, Node>()
  const edges = new Map<string, Edge>()
  const then = asOf === undefined ? {} : { asOf }
  let total = 0
  for (let skip = 0; skip < nodesAtMost; skip += portionSize) {
    const portion = await api.memory.picture({ workspace, skip, limit: portionSize, ...then })
    for (const node of portion.nodes) nodes.set(node.id, node)
    for (const edge of portion.edges) edges.set(edge.id, edge)
    total = portion.total
    if (skip + portionSize >= total || portion.nodes.length === 0) break
  }
  const drawn = [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to))
  return { nodes: [...nodes.values()], edges: drawn, total }
}

/** What of a picture is to be seen. */
export interface Choice {
  /** Only around this concept, so many steps. */
  readonly focus?: { readonly id: string; readonly depth: number } | undefined
  readonly types: ReadonlySet<string>
  /** Without concepts that carry one of these. */
  readonly without: ReadonlySet<Node['labels'][number]>
  /** Without relations the memory found by itself. */
  readonly toldOnly: boolean
}
export const everything: Choice = { types: new Set(), without: new Set(), toldOnly: false }

/** @returns the part of the picture that meets the choice; with a focus, only what its relations reach */
export function chosen({ nodes, edges, total }: Picture, choice: Choice): Picture {
  const met = new Map(nodes.filter((node) => meets(node, choice)).map((node) => [node.id as string, node]))
  const joined = edges.filter(
    ({ from, to, inferred }) => met.has(from) && met.has(to) && !(choice.toldOnly && inferred),
  )
  if (!choice.focus) return { nodes: [...met.values()], edges: joined, total }
  const near = around(choice.focus.id, choice.focus.depth, joined)
  return {
    nodes: [...met.values()].filter(({ id }) => near.has(id)),
    edges: joined.filter(({ from, to }) => near.has(from) && near.has(to)),
    total,
  }
}

function meets({ id, type, labels }: Node, { types, without, focus }: Choice): boolean {
  if (id === focus?.id) return true
  return (types.size === 0 || types.has(type)) && !labels.some((label) => without.has(label))
}

/** The neighbours of each node, in both directions. */
export function neighbours(edges: readonly Edge[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const join = (a: string, b: string) => {
    const known = found.get(a)
    if (known) known.push(b)
    else found.set(a, [b])
  }
  for (const { from, to } of edges) {
    join(from, to)
    join(to, from)
  }
  return found
}

/** Ids of the nodes at most `depth` steps away, with how many steps. */
export function around(id: string, depth: number, edges: readonly Edge[]): ReadonlyMap<string, number> {
  const joins = neighbours(edges)
  const steps = new Map([[id, 0]])
  let edge = [id]
  for (let step = 1; step <= depth; step++) {
    const next: string[] = []
    for (const one of edge)
      for (const other of joins.get(one) ?? []) {
        if (steps.has(other)) continue
        steps.set(other, step)
        next.push(other)
      }
    edge = next
  }
  return steps
}
