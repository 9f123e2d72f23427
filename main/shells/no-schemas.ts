/**
 * For fastify: no route gives it a schema, since every input is parsed by its contract, so its compilers are not loaded.
 * @throws Error at the start of an app whose route gives one all the same
 */
const compiles = () => () => {
  throw new Error('Routes give fastify no schemas; the contract parses what comes in.')
}
export const noSchemas = { compilersFactory: { buildValidator: compiles, buildSerializer: compiles } }
