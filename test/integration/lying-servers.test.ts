import { afterEach, describe, expect, it } from 'vitest'
import type { Session } from '../../shared/domain/call.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { aSupervisor, badServer, textOf } from '../support/a-supervisor.ts'
import { processorTime } from '../support/processor-time.ts'

let gatehouse: ReturnType<typeof aSupervisor>
afterEach(() => gatehouse.end())

async function refusal(work: Promise<unknown>): Promise<GatehouseError> {
  const error = await work.then(
    (answer) => new Error(`it was answered: ${JSON.stringify(answer).slice(0, 200)}`),
    (found: unknown) => found,
  )
  if (!(error instanceof GatehouseError)) throw error
  return error
}
async function liar(...args: string[]): Promise<void> {
  gatehouse = aSupervisor()
  await gatehouse.add('liar', [badServer('liar'), ...args])
}
const check = (tool: string, args: object) => {
  const { entry } = gatehouse.catalog.resolve({
    method: 'tools/call',
    target: `liar__${tool}`,
    client: { name: 'test' },
    session: { workspace: defaultWorkspace } as Session,
  })
  return gatehouse.catalog.check(entry, args as never)
}

describe('a server that lies about ids', () => {
  it('gives wrong, double and early answers: the call gets the one with its own id, and none of them breaks a later call', async () => {
    await liar()
    expect(textOf(await gatehouse.call('liar__ids'))).toBe('right')
    const many = await Promise.all(Array.from({ length: 20 }, () => gatehouse.call('liar__ids')))
    for (const answer of many) expect(['right', 'before you asked']).toContain(textOf(answer))
    expect(textOf(await gatehouse.call('liar__batch'))).toMatch(/^(in a batch|before you asked)$/)
  })

  it('answers with a result and an error, with neither, or with what is no object: the call ends', async () => {
    await liar()
    expect(await gatehouse.call('liar__both')).toMatchObject({ kind: 'error', error: { code: -1 } })
    expect(await gatehouse.call('liar__result-is-text')).toEqual({ kind: 'result', result: {} })
    expect(await gatehouse.call('liar__error-is-text')).toMatchObject({ kind: 'error', error: { code: -32_603 } })
    expect(await gatehouse.call('liar__neither')).toEqual({ kind: 'result', result: {} })
    expect(textOf(await gatehouse.call('liar__ids'))).toBe('right')
  })

  it('answers in a batch of 10 000: the one that belongs to the call is found', async () => {
    await liar()
    expect(textOf(await gatehouse.call('liar__batch'))).toBe('in a batch')
  })

  it('tells progress of other calls and in no numbers: nothing false reaches the client', async () => {
    await liar()
    const told: unknown[] = []
    const peer = { progress: (progress: object) => void told.push(progress) }
    expect(textOf(await gatehouse.call('liar__progress', {}, { peer, meta: { progressToken: 'mine' } }))).toBe('done')
    expect(told.length).toBeLessThanOrEqual(1)
  })

  it('asks two hundred things at once: the ones too many are refused, the call is answered', async () => {
    await liar()
    expect(textOf(await gatehouse.call('liar__asks'))).toBe('asked')
    expect(textOf(await gatehouse.call('liar__ids'))).toBe('right')
  })
})

describe('a server whose answers can’t be read', () => {
  it('sends invalid UTF-8: the bytes become replacement characters, the rest arrives', async () => {
    await liar()
    expect(textOf(await gatehouse.call('liar__invalid-utf8'))).toBe('a\uFFFD\uFFFD(b')
  })

  it('sends 100 MB in one answer: it is ended and says why, the next call is served by a fresh process', async () => {
    await liar()
    const error = await refusal(gatehouse.call('liar__huge'))
    expect(error.code).toBe('server.crashed')
    expect(JSON.stringify(error.params)).toContain('48 MB')
    expect(textOf(await gatehouse.call('liar__ids'))).toBe('right')
  })

  it('nests 100 000 deep: the call ends, nothing else does', async () => {
    await liar()
    await gatehouse.call('liar__deep', {}, { deadlineMs: 2000 }).catch(() => undefined)
    expect(textOf(await gatehouse.call('liar__ids'))).toBe('right')
  })
})

describe('a server that lies about what it offers', () => {
  it('never ends its list: is refused with the reason', async () => {
    gatehouse = aSupervisor()
    const error = await refusal(gatehouse.add('liar', [badServer('liar'), '--pages']))
    expect(error.code).toBe('server.failed')
    expect(error.params.problem).toContain('more than 100 pages')
    expect(gatehouse.watched.size).toBe(0)
  })

  it('gives a schema that is none, refers elsewhere or runs in circles: nothing gets through, in no time', async () => {
    await liar('--odd')
    const computedMs = processorTime()
    expect(check('not-a-schema', {})).toContain('can’t be used')
    expect(check('schema-is-text', {})).toContain('it is not a schema')
    expect(check('foreign-ref', {})).toContain('which is not part of it')
    expect(check('circular', { x: 1 })).toContain('can’t be checked')
    let nested: object = {}
    for (let depth = 0; depth < 60; depth++) nested = { child: nested }
    expect(check('tree', nested)).toBeUndefined()
    expect(computedMs()).toBeLessThan(2000)
  })

  it('names tools with control characters, twice, or not at all: shown names are plain and different', async () => {
    await liar('--odd')
    const names = gatehouse.catalog
      .listFor('tool', { workspace: defaultWorkspace, client: 'test' })
      .map((definition) => String(definition.name))
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    expect(names.filter((name) => name.startsWith('liar__twice'))).toHaveLength(1)
    const bell = names.find((name) => name.startsWith('liar__bell'))
    expect(textOf(await gatehouse.call(bell as string))).toContain('called bell')
  })
})
