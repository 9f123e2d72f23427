import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { builtInEmbedder, noWordCounts } from '../../main/memory/embedders/built-in.ts'
import { cosine, toBits, toBytes } from '../../main/memory/embedders/quantise.ts'
import { choiceNamed, nameOf, remoteEmbedder } from '../../main/memory/embedders/remote.ts'
import { aMemory, by } from '../support/a-memory.ts'

interface Asked {
  readonly path: string
  readonly key: string | undefined
  readonly model: string
  readonly input: readonly string[]
}
/** A server that speaks both interfaces; its vectors count letters, so that like texts are alike. */
let server: Server
let url: string
let asked: Asked[]
let answering: 'well' | 'not' | 'wrong' | 'short' | 'elsewhere'
let held: (() => void)[] | undefined
beforeEach(async () => {
  ;[asked, answering, held] = [[], 'well', undefined]
  server = createServer(async (request, response) => {
    const body = JSON.parse(await bodyOf(request)) as { model: string; input: string[] }
    asked.push({ path: request.url ?? '', key: request.headers.authorization, ...body })
    if (held) await new Promise<void>((go) => held?.push(go))
    if (answering === 'elsewhere') return void response.writeHead(307, { location: `${url}/other` }).end()
    if (answering === 'not') return void response.writeHead(500).end('{"error":"secret text"}')
    if (answering === 'wrong') return void response.end('{"embeddings":"ana likes tea"}')
    const vectors = body.input.slice(answering === 'short' ? 1 : 0).map(letters)
    const answer =
      request.url === '/api/embed'
        ? { model: body.model, embeddings: vectors }
        : { data: vectors.map((embedding, index) => ({ index, embedding })).reverse() }
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}
function letters(text: string): number[] {
  const counts = Array.from({ length: 26 }, () => 0.1)
  for (const letter of text.toLowerCase()) {
    const at = letter.charCodeAt(0) - 97
    if (at >= 0 && at < 26) counts[at] = (counts[at] ?? 0) + 1
  }
  return counts
}
const wishing = (wanted: { name: string }) => ({
  remote: (name: string) => {
    const choice = choiceNamed(name)
    return choice && remoteEmbedder(choice)
  },
  wanted: () => wanted.name,
})
const people = ['Ana', 'Ben', 'Dan'].map((name) => ({
  name,
  entityType: 'person',
  observations: [`${name} likes tea`],
}))

it('makes the same vectors every time, alike for like texts, without a model', () => {
  const embedder = builtInEmbedder(noWordCounts)
  const vector = (text: string) => toBytes(embedder.embed(text))
  expect(vector('Ana likes tea')).toEqual(vector('Ana likes tea'))
  expect(
    Buffer.from(toBits(vector('Ana likes tea')))
      .toString('hex')
      .slice(0, 32),
  ).toMatchInlineSnapshot(`"8262ce8168a9fdab127c7ac3c847d313"`)
  expect(cosine(vector('ANA LIKES TÉA'), vector('ana likes tea'))).toBeCloseTo(1)
  const near = cosine(vector('router passwords'), vector('the password of the router'))
  const far = cosine(vector('router passwords'), vector('a walk along the river'))
  expect(near).toBeGreaterThan(0.3)
  expect(Math.abs(far)).toBeLessThan(0.15)
})

it('begins the vectors again when the memory outgrows them while they are made, and does not make them all twice', async () => {
  const { memory, progress } = aMemory()
  const add = (from: number, count: number) =>
    memory.createEntities(
      Array.from({ length: count }, (_, at) => ({ name: `note ${from + at}`, entityType: 'note', observations: [] })),
      by(),
    )
  add(0, 300)
  await expect.poll(() => progress.length, { interval: 1 }).toBeGreaterThan(0)
  expect(progress.some(({ complete }) => complete)).toBe(false)
  add(300, 1_000)
  await memory.embedded()
  expect(progress.filter(({ complete }) => complete)).toEqual([
    { embedder: 'built-in-1', done: 1_300, total: 1_300, complete: true },
  ])
  expect((await memory.recall({ text: 'note 1299', by: ['vector'] })).found[0]?.concept.name).toBe('note 1299')
  expect(memory.check()).toEqual([])
})

it('weighs words by how rare they are in the memory itself, from its 64th concept on', async () => {
  const { memory } = aMemory()
  const notes = Array.from({ length: 63 }, (_, at) => ({
    name: `n${at}`,
    entityType: 'x',
    observations: [`meeting about topic${at % 9}`],
  }))
  memory.createEntities(notes, by())
  await memory.embedded()
  const similar = async () => {
    const { found } = await memory.recall({ text: 'meeting zebra', by: ['vector'], limit: 100 })
    return found.length
  }
  const before = await similar()
  memory.createEntities([{ name: 'n63', entityType: 'x', observations: ['zebra'] }], by())
  await memory.embedded()
  expect(await similar()).toBeLessThan(before)
  expect((await memory.recall({ text: 'meeting zebra', by: ['vector'] })).found[0]?.concept.name).toBe('n63')
  expect(memory.check()).toEqual([])
})

it('embeds through Ollama and through an OpenAI-compatible server, with what the model wants before a text', async () => {
  const ollama = remoteEmbedder({ kind: 'ollama', url, model: 'nomic-embed-text:v1.5' })
  const openai = remoteEmbedder({ kind: 'openai', url: `${url}/v1/`, model: 'text-embedding-3-small' }, 'sk-1')
  expect((await ollama.embed(['b'], 'query'))[0]?.[1]).toBeCloseTo(1.1)
  const [first, second] = await openai.embed(['aa', 'bbb'], 'document')
  expect([first?.[0], second?.[1]]).toEqual([expect.closeTo(2.1), expect.closeTo(3.1)])
  expect(asked).toMatchObject([
    { path: '/api/embed', key: undefined, model: 'nomic-embed-text:v1.5', input: ['search_query: b'] },
    { path: '/v1/embeddings', key: 'Bearer sk-1', model: 'text-embedding-3-small', input: ['aa', 'bbb'] },
  ])
  expect(choiceNamed(nameOf({ kind: 'ollama', url, model: 'a b' }))).toEqual({ kind: 'ollama', url, model: 'a b' })
})

it('says what a server did wrong, without what was sent or answered, and follows it nowhere else', async () => {
  const embedder = remoteEmbedder({ kind: 'ollama', url, model: 'm' })
  const problem = () =>
    embedder.embed(['ana likes tea', 'x'], 'document').then(
      () => undefined,
      (error) => [error.code, error.params.problem],
    )
  answering = 'not'
  expect(await problem()).toEqual(['memory.embedder', 'it answered 500'])
  answering = 'wrong'
  expect(await problem()).toEqual(['memory.embedder', 'its answer is not one of this interface'])
  answering = 'short'
  expect(await problem()).toEqual(['memory.embedder', 'it made 1 vectors of 2 texts'])
  answering = 'elsewhere'
  expect(await problem()).toEqual(['memory.embedder', expect.stringMatching(/redirect|reached/)])
  expect(asked.every(({ path }) => path === '/api/embed')).toBe(true)
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
  expect(await problem()).toEqual(['memory.embedder', expect.stringMatching(/^(ECONNREFUSED|UND_ERR_SOCKET)$/)])
})

it('goes on with the old vectors until the new ones are complete, and then uses those', async () => {
  const wanted = { name: 'built-in-1' }
  const { memory, progress } = aMemory(wishing(wanted))
  memory.createEntities(people, by())
  await memory.embedded()
  wanted.name = nameOf({ kind: 'ollama', url, model: 'letters' })
  held = []
  memory.embedderChosen()
  await until(() => held?.length === 1)
  expect(memory.overview()).toMatchObject({ embedder: { name: 'built-in-1', dimension: 1024 } })
  expect((await memory.recall({ text: 'Ana' })).embedder).toBe('built-in-1')
  const waiting = held
  held = undefined
  for (const go of waiting ?? []) go()
  await memory.embedded()
  expect(memory.overview()).toMatchObject({ embedder: { name: wanted.name, dimension: 26 } })
  expect(progress.at(-1)).toEqual({ embedder: wanted.name, done: 3, total: 3, complete: true })
  const { found, embedder } = await memory.recall({ text: 'tea ana', by: ['vector'] })
  expect([embedder, found[0]?.concept.name]).toEqual([wanted.name, 'Ana'])
  // what is written later gets its vector a little later, and is found by its words meanwhile
  memory.createEntities([{ name: 'Zozo', entityType: 'zz', observations: [] }], by())
  expect((await memory.recall({ text: 'Zozo' })).found[0]?.concept.name).toBe('Zozo')
  await memory.embedded()
  expect((await memory.recall({ text: 'zzz', by: ['vector'] })).found[0]?.concept.name).toBe('Zozo')
  expect(memory.check()).toEqual([])
  wanted.name = 'built-in-1'
  memory.embedderChosen()
  await memory.embedded()
  expect(memory.overview()).toMatchObject({ embedder: { name: 'built-in-1', dimension: 1024 } })
  expect(memory.check()).toEqual([])
})

it('can be cancelled on the way, and stays with the vectors it has', async () => {
  const wanted = { name: 'built-in-1' }
  const { memory } = aMemory(wishing(wanted))
  memory.createEntities(people, by())
  await memory.embedded()
  wanted.name = nameOf({ kind: 'openai', url, model: 'letters' })
  held = []
  memory.embedderChosen()
  await until(() => held?.length === 1)
  held[0]?.()
  await until(() => held?.length === 2)
  expect(memory.overview().embedding).toEqual({ name: wanted.name, done: 0, total: 3 })
  wanted.name = 'built-in-1'
  expect(await memory.cancelEmbedding()).toBe('built-in-1')
  expect(memory.overview().embedding).toBeUndefined()
  expect((await memory.recall({ text: 'Ana' })).found[0]?.concept.name).toBe('Ana')
  expect(memory.check()).toEqual([])
})

it('answers by words and graph while its embedder does not', async () => {
  const wanted = { name: nameOf({ kind: 'ollama', url, model: 'letters' }) }
  const { memory, problems } = aMemory(wishing(wanted))
  memory.createEntities(people, by())
  await memory.embedded()
  answering = 'not'
  const { found, embedder } = await memory.recall({ text: 'Ben' })
  expect([embedder, found[0]?.concept.name]).toEqual([undefined, 'Ben'])
  memory.createEntities([{ name: 'Zoe', entityType: 'person', observations: [] }], by())
  await memory.embedded()
  expect(problems).toMatchObject([{ code: 'memory.embedder' }])
  expect((await memory.recall({ text: 'Zoe' })).found[0]?.concept.name).toBe('Zoe')
  await memory.close()
})

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((later) => setImmediate(later))
}
