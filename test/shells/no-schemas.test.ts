import fastify from 'fastify'
import { expect, it } from 'vitest'
import { noSchemas } from '../../main/shells/no-schemas.ts'

it('a route without a schema answers; one with a schema, for what comes in or goes out, does not start', async () => {
  const served = fastify({ schemaController: noSchemas })
  served.get('/', async () => ({ hello: 'there' }))
  expect((await served.inject('/')).json()).toEqual({ hello: 'there' })
  for (const schema of [{ querystring: { type: 'object' } }, { response: { 200: { type: 'object' } } }]) {
    const refused = fastify({ schemaController: noSchemas })
    refused.get('/', { schema }, async () => ({}))
    await expect(refused.ready()).rejects.toThrow('Routes give fastify no schemas')
  }
})
