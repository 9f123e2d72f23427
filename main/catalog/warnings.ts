import type { CatalogEntry, CatalogWarning } from '../../shared/domain/catalog.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { skeletonOf } from './look-alike.ts'
import { ownServer } from './own-entries.ts'

/** More about one entry tells a person nothing new. */
const mostOfOne = 5
/** A shorter name without a separator is an ordinary word: a description with “search” in it speaks of nobody's tool. */
const shortestPlainName = 12
const deepest = 20

/**
 * What a person, or a model, could take for something else. Nothing is held back for it: stable names keep entries
 * apart, and this says where apart is hard to see. In the order of the entries.
 */
export function findWarnings(entries: readonly CatalogEntry[]): CatalogWarning[] {
  const others = entries.filter(({ server }) => server !== ownServer.name)
  const named = others.filter(({ kind }) => kind === 'tool' || kind === 'prompt')
  const alike = Map.groupBy(named, (entry) => `${entry.kind}\n${skeletonOf(entry.ownName)}`)
  const addressed = Map.groupBy(
    others.filter(({ kind }) => kind === 'resource' || kind === 'resource-template'),
    (entry) => `${entry.kind}\n${entry.ownName}`,
  )
  const tools = toolNames(entries)
  return others.flatMap((entry) => {
    const twins = alike.get(`${entry.kind}\n${skeletonOf(entry.ownName)}`) ?? []
    const claimants = addressed.get(`${entry.kind}\n${entry.ownName}`) ?? []
    return [
      ...besides(entry, twins).map((other) => likeness(entry, other)),
      ...besides(entry, claimants).map((other) => warning('same-address', entry, other)),
      ...mentions(entry, tools),
    ].slice(0, mostOfOne)
  })
}

/** The first few others: a server may offer ten thousand names that all look alike. */
function besides(entry: CatalogEntry, all: readonly CatalogEntry[]): CatalogEntry[] {
  return all.slice(0, mostOfOne + 1).filter((other) => other !== entry)
}

const likeness = (entry: CatalogEntry, other: CatalogEntry) =>
  warning(entry.ownName === other.ownName ? 'same-name' : 'look-alike', entry, other)

const warning = (kind: CatalogWarning['kind'], entry: CatalogEntry, other: CatalogEntry): CatalogWarning => ({
  kind,
  server: entry.server,
  name: entry.name,
  otherServer: other.server,
  other: other.name,
})

/** Every word that can only mean a tool: its stable name, and its own where that is no ordinary word. */
function toolNames(entries: readonly CatalogEntry[]): ReadonlyMap<string, readonly CatalogEntry[]> {
  const names = new Map<string, CatalogEntry[]>()
  const add = (word: string, entry: CatalogEntry) => names.set(word, [...(names.get(word) ?? []), entry])
  for (const entry of entries) {
    if (entry.kind !== 'tool') continue
    add(entry.name, entry)
    const own = entry.ownName
    if (entry.server !== ownServer.name && (/[-_]|\p{Ll}\p{Lu}/u.test(own) || own.length >= shortestPlainName))
      add(own, entry)
  }
  return names
}

/** Words that can only mean tools of other servers than this one. */
export function toolsOfOthers(entries: readonly CatalogEntry[], server: string): ReadonlySet<string> {
  const words = [...toolNames(entries)].filter(([, meant]) => meant.every((entry) => entry.server !== server))
  return new Set(words.map(([word]) => word))
}

/** Tools of other servers that its texts name, unless it has one of that name itself. */
function mentions(entry: CatalogEntry, tools: ReadonlyMap<string, readonly CatalogEntry[]>): CatalogWarning[] {
  const words = new Set(textsOf(entry.definition, 0).flatMap((text) => text.match(/[\p{L}\p{N}_-]+/gu) ?? []))
  const found = new Set<CatalogEntry>()
  for (const word of words) {
    const meant = tools.get(word) ?? []
    if (meant.some((other) => other.server === entry.server)) continue
    for (const other of meant) found.add(other)
  }
  return [...found].map((other) => warning('mention', entry, other))
}

/** Every text of a definition that is not a name, wherever it stands: models read them all. */
function textsOf(value: Json, depth: number): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth > deepest) return []
  if (Array.isArray(value)) return value.flatMap((item: Json) => textsOf(item, depth + 1))
  return Object.entries(value as JsonObject).flatMap(([key, member]) =>
    depth === 0 && key === 'name' ? [] : textsOf(member, depth + 1),
  )
}
