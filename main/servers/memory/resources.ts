import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { conceptUri, graphUri, memoryAnswer } from '../../../shared/contract/memory-tools.ts'
import { fromOutside, referenceIn } from './answers.ts'
import type { Engine } from './engine.ts'

const json = 'application/json'

export function registerResources(server: McpServer, engine: Pick<Engine, 'run'>): void {
  server.registerResource(
    'graph',
    graphUri,
    { title: 'Graph', description: 'Everything that is remembered, as read_graph answers it.', mimeType: json },
    (uri, ctx) => content(engine, uri, ctx.mcpReq._meta),
  )
  server.registerResource(
    'concept',
    new ResourceTemplate(`${conceptUri}{id}`, { list: undefined }),
    {
      title: 'Concept',
      description: 'One concept with its relations, by the id query_concepts gives.',
      mimeType: json,
    },
    (uri, _variables, ctx) => content(engine, uri, ctx.mcpReq._meta),
  )
}

async function content(engine: Pick<Engine, 'run'>, uri: URL, meta: Record<string, unknown> | undefined) {
  const { result, labels } = memoryAnswer.parse(await engine.run(referenceIn(meta)))
  const note = labels.includes('untrusted') ? [{ uri: uri.href, mimeType: 'text/plain', text: fromOutside }] : []
  return { contents: [{ uri: uri.href, mimeType: json, text: JSON.stringify(result, null, 2) }, ...note] }
}

/** Tells who subscribed. In revisions from 2026-07-28 on the SDK knows who listens for what. */
export function tellChanges(server: McpServer, engine: Pick<Engine, 'onChange'>, era: 'legacy' | 'modern'): void {
  const subscribed = new Set<string>()
  if (era === 'legacy') {
    server.server.setRequestHandler('resources/subscribe', ({ params }) => {
      subscribed.add(params.uri)
      return {}
    })
    server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      subscribed.delete(params.uri)
      return {}
    })
  }
  engine.onChange(({ concepts, more }) => {
    const changed = new Set([graphUri, ...concepts.map((id) => `${conceptUri}${id}`)])
    const wanted = era === 'modern' ? changed : [...subscribed].filter((uri) => more || changed.has(uri))
    for (const uri of wanted) void server.server.sendResourceUpdated({ uri }).catch(() => {})
  })
}
