import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { LiveServer } from './live-server.ts'
import type { Listing } from './ports.ts'

const mostPages = 100
const mostEntries = 10_000
/** Characters every client's model reads of one server. */
const longestInstructions = 64 * 1024

interface ListKind {
  readonly kind: EntryKind
  readonly capability: string
  readonly method: string
  readonly member: string
}

const kinds: readonly ListKind[] = [
  { kind: 'tool', capability: 'tools', method: 'tools/list', member: 'tools' },
  { kind: 'resource', capability: 'resources', method: 'resources/list', member: 'resources' },
  {
    kind: 'resource-template',
    capability: 'resources',
    method: 'resources/templates/list',
    member: 'resourceTemplates',
  },
  { kind: 'prompt', capability: 'prompts', method: 'prompts/list', member: 'prompts' },
]

/**
 * Asks a running server for everything it offers; known secrets in it are taken out, every client reads it.
 * @throws Error whose message ends a sentence for the person: it refused, or offers more than 10 000 entries or 100 pages
 */
export async function listServer(
  live: LiveServer,
  redact: (text: string) => string,
  signals: readonly AbortSignal[],
): Promise<Listing> {
  const entries: { kind: EntryKind; definition: JsonObject }[] = instructionsOf(live, redact)
  for (const kind of kinds) {
    if (live.greeting.capabilities[kind.capability] === undefined) continue
    for (const definition of await allPages(live, kind, signals)) {
      const clean = cleaned(definition, redact)
      if (clean) entries.push({ kind: kind.kind, definition: clean })
    }
    if (entries.length > mostEntries) throw new Error(`it offers more than ${mostEntries} entries.`)
  }
  return { entries }
}

/** What it said about itself when it was greeted, as the entry that is pinned and reviewed like any other. */
function instructionsOf({ greeting }: LiveServer, redact: (text: string) => string) {
  const said = greeting.instructions?.trim() ?? ''
  if (said === '' || !said.isWellFormed()) return []
  const cut = said.length > longestInstructions ? `${said.slice(0, longestInstructions)}…` : said
  return [{ kind: 'instructions' as const, definition: { description: redact(cut.toWellFormed()) } }]
}

async function allPages(live: LiveServer, kind: ListKind, signals: readonly AbortSignal[]): Promise<JsonObject[]> {
  const found: JsonObject[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const reply = await live.ask(kind.method, cursor === undefined ? {} : { cursor }, signals)
    if (reply.kind === 'error') {
      if (reply.error.code === -32601) return found // says it can, yet knows no such list
      throw new Error(`it refused ${kind.method}: ${reply.error.message.slice(0, 300)}`)
    }
    const items = reply.result[kind.member]
    if (Array.isArray(items)) for (const item of items) if (isObject(item)) found.push(item)
    const next = reply.result.nextCursor
    if (typeof next !== 'string' || next === cursor) return found
    if (found.length > mostEntries) throw new Error(`it offers more than ${mostEntries} entries.`)
    cursor = next
  }
  throw new Error(`its ${kind.method} has more than ${mostPages} pages.`)
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Without known secrets. @returns undefined when it cannot be cleaned */
function cleaned(definition: JsonObject, redact: (text: string) => string): JsonObject | undefined {
  try {
    const text = JSON.stringify(definition)
    const clean = redact(text)
    return clean === text ? definition : (JSON.parse(clean) as JsonObject)
  } catch {
    return undefined
  }
}
