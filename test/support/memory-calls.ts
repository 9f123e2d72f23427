import fc from 'fast-check'

export type MemoryCall = { readonly tool: string; readonly arguments: Record<string, unknown> }

const name = fc.constantFrom('Ana', 'ana', 'Înălțime', 'Straße', 'Gatehouse', 'café', 'x y', '')
const text = fc.constantFrom(
  'likes tea',
  'Likes TEA',
  'works at Gatehouse',
  'ΟΔΟΣ',
  'a\nb',
  '100%',
  '_',
  "it's",
  'İzmir',
)
const entity = fc.record({
  name,
  entityType: fc.constantFrom('person', 'Project'),
  observations: fc.array(text, { maxLength: 3 }),
})
const relation = fc.record({ from: name, to: name, relationType: fc.constantFrom('knows', 'uses') })
const unique = <T>(of: fc.Arbitrary<T>, key: (one: T) => string) => fc.uniqueArray(of, { selector: key, maxLength: 3 })
/** Calls of the nine tools, over few names so that they meet. Nothing twice in one call: there the two servers differ. */
export const memoryCall: fc.Arbitrary<MemoryCall> = fc.oneof(
  fc.record({
    tool: fc.constant('create_entities'),
    arguments: fc.record({ entities: unique(entity, (one) => one.name) }),
  }),
  fc.record({
    tool: fc.constant('create_relations'),
    arguments: fc.record({ relations: unique(relation, (one) => JSON.stringify(one)) }),
  }),
  fc.record({
    tool: fc.constant('add_observations'),
    arguments: fc.record({
      observations: unique(
        fc.record({ entityName: name, contents: fc.array(text, { maxLength: 3 }) }),
        (one) => one.entityName,
      ),
    }),
  }),
  fc.record({
    tool: fc.constant('delete_entities'),
    arguments: fc.record({ entityNames: fc.array(name, { maxLength: 2 }) }),
  }),
  fc.record({
    tool: fc.constant('delete_observations'),
    arguments: fc.record({
      deletions: fc.array(fc.record({ entityName: name, observations: fc.array(text, { maxLength: 2 }) }), {
        maxLength: 2,
      }),
    }),
  }),
  fc.record({
    tool: fc.constant('delete_relations'),
    arguments: fc.record({ relations: fc.array(relation, { maxLength: 2 }) }),
  }),
  fc.record({
    tool: fc.constant('search_nodes'),
    arguments: fc.record({ query: fc.oneof(text, name, fc.constantFrom('TE', 'ß', 'ος')) }),
  }),
  fc.record({ tool: fc.constant('open_nodes'), arguments: fc.record({ names: fc.array(name, { maxLength: 3 }) }) }),
  fc.constant({ tool: 'read_graph', arguments: {} }),
)
