import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Rounds } from '../../main/kernel/rounds.ts'
import { admit } from '../../main/kernel/stages/admit.ts'
import { clear } from '../../main/kernel/stages/clear.ts'
import { judge } from '../../main/kernel/stages/judge.ts'
import { throttle } from '../../main/kernel/stages/throttle.ts'
import { bindingHash } from '../../shared/domain/binding.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Verdict } from '../../shared/domain/verdict.ts'
import { rateLimited } from '../../shared/errors.ts'
import { aCatalog, anyKey, aReceived, filtered, resolved, someFilters, traced, validated } from './an-exchange.ts'

const verdict = (effect: Verdict['effect']): Verdict => ({
  effect,
  rule: 'a rule',
  reasons: [],
  action: 'write',
  risk: 'medium',
})
const saying = (effect: Verdict['effect']) => ({ evaluate: () => verdict(effect) })

describe('validate', () => {
  it('hands the schema the frozen copy, and takes missing arguments for none', () => {
    const seen: JsonObject[] = []
    const catalog = aCatalog((_, value) => {
      seen.push(value)
      return undefined
    })
    const { received, trail } = aReceived(undefined)
    expect(validated(received, catalog).arguments).toEqual({})
    expect(seen).toEqual([{}])
    expect(Object.isFrozen(seen[0])).toBe(true)
    expect(trail().arguments).toBeUndefined()
  })

  it('refuses what does not fit the schema, saying why', () => {
    const { received } = aReceived({ path: 1 })
    const refused = () =>
      validated(
        received,
        aCatalog(() => 'path: a text is needed'),
      )
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'arguments.invalid',
        params: { entry: 'notes__do_it', problem: 'path: a text is needed' },
      }),
    )
  })

  it('refuses unsafe arguments before the schema sees them', () => {
    let asked = false
    const catalog = aCatalog(() => {
      asked = true
      return undefined
    })
    const { received } = aReceived(JSON.parse('{"__proto__": 1}'))
    expect(() => validated(received, catalog)).toThrow(expect.objectContaining({ code: 'arguments.unsafe' }))
    expect(asked).toBe(false)
  })
})

describe('answers to a server’s questions', () => {
  const having = (extra: JsonObject) => aReceived({}, { extra }).received
  const answers = { who: { action: 'accept', content: { path: '/etc/passwd' } } }

  it('are copied and frozen like arguments', () => {
    const { extra } = validated(having({ inputResponses: answers, requestState: 's' }))
    expect(extra).toEqual({ inputResponses: answers, requestState: 's' })
    expect(extra).not.toBe(answers)
    const responses = extra?.inputResponses as JsonObject
    expect(Object.isFrozen(responses.who)).toBe(true)
  })

  it.each([
    ['a member called __proto__', { inputResponses: JSON.parse('{"a": {"__proto__": 1}}') }],
    ['half a character', { inputResponses: { a: '\ud800' } }],
    ['no object', { inputResponses: ['a'] }],
    ['too many answers', { inputResponses: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`a${n}`, {}])) }],
    ['a state that is no text', { requestState: {} }],
    ['a state that is too long', { requestState: 'x'.repeat(1024 * 1024 + 1) }],
    ['nesting without end', { inputResponses: JSON.parse(`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`) }],
  ])('are refused with %s', (_, extra) => {
    expect(() => validated(having(extra))).toThrow(expect.objectContaining({ code: 'arguments.unsafe' }))
  })

  it('pass the filters, and what is found in them is judged', () => {
    const filters = {
      ...someFilters(),
      call: (input: { arguments: JsonObject }) => {
        const inAnswers = 'inputResponses' in input.arguments
        const changed = inAnswers ? { inputResponses: { who: 'redacted' } } : input.arguments
        const labels = inAnswers ? ['secret'] : []
        return { arguments: changed, changed: inAnswers, labels, paths: [], urls: inAnswers ? ['u'] : [], commands: [] }
      },
    }
    const { received, trail } = aReceived({}, { extra: { inputResponses: answers, requestState: 's' } })
    const call = filtered(received, filters)
    expect(call).toMatchObject({ urls: ['u'], extra: { inputResponses: { who: 'redacted' }, requestState: 's' } })
    expect(trail().labels).toEqual(['secret'])
  })

  it('are part of what a decision of the person is bound to', () => {
    const hash = (extra: JsonObject) =>
      bindingHash(filtered(having(extra)), (text) => createHash('sha256').update(text).digest('hex') as Sha256)
    expect(hash({ inputResponses: answers })).toBe(hash({ inputResponses: answers }))
    expect(hash({ inputResponses: answers })).not.toBe(hash({ inputResponses: { who: { action: 'decline' } } }))
  })
})

describe('filter-call', () => {
  it('leaves the canonical text of exactly the arguments that are judged and sent', () => {
    const call = filtered(aReceived({ b: 1, a: { d: 2, c: 3 } }).received)
    expect(call.canonical).toBe('{"a":{"c":3,"d":2},"b":1}')
    expect(canonicalJson(call.arguments)).toBe(call.canonical)
  })

  it('validates again what a filter changed, and makes the canonical text from that', () => {
    const checked: JsonObject[] = []
    const catalog = aCatalog((_, value) => {
      checked.push(value)
      return 'gone' in value ? 'key is missing' : undefined
    })
    const changing = (args: JsonObject) => someFilters({ changed: true, arguments: args })
    const { received, trail } = aReceived({ key: 'secret' })
    const call = filtered(received, changing({ key: 'redacted' }), catalog)
    expect(checked).toEqual([{ key: 'secret' }, { key: 'redacted' }])
    expect(call.canonical).toBe('{"key":"redacted"}')
    expect(trail().arguments).toEqual({ key: 'redacted' })
    expect(() => filtered(aReceived({}).received, changing({ gone: true }), catalog)).toThrow(
      expect.objectContaining({ code: 'arguments.invalid' }),
    )
  })

  it('does not validate again what no filter changed', () => {
    let checks = 0
    const catalog = aCatalog(() => {
      checks++
      return undefined
    })
    filtered(aReceived({}).received, someFilters(), catalog)
    expect(checks).toBe(1)
  })

  it('notes the labels, and refuses when a filter throws', () => {
    const { received, trail } = aReceived({})
    filtered(received, someFilters({ labels: ['secret'] }))
    expect(trail().labels).toEqual(['secret'])
    const broken = {
      ...someFilters(),
      call: () => {
        throw new Error('broken filter')
      },
    }
    expect(() => filtered(aReceived({}).received, broken)).toThrow('broken filter')
  })
})

describe('judge', () => {
  it('refuses what the key is confined from, by its name, and records that', () => {
    const { received, trail } = aReceived({})
    const confined = { ...anyKey, beyondKey: () => 'servers:mail' }
    expect(() => judge(traced(received), saying('allow'), confined)).toThrow('client.key-scope')
    expect(trail()).toMatchObject({ decision: 'deny', rule: 'API key for servers:mail' })
  })

  it('is asked about the filtered call: its paths, URLs, commands and canonical text', () => {
    const asked: CallFacts[] = []
    const paths = [{ pointer: '/a', given: 'a', real: '/a' }]
    const call = traced(aReceived({ a: 'a' }).received, someFilters({ paths, urls: ['https://x'], commands: ['ls'] }))
    const asking = {
      evaluate: (facts: CallFacts) => {
        asked.push(facts)
        return verdict('allow')
      },
    }
    judge(call, asking, anyKey)
    expect(asked[0]).toMatchObject({
      paths,
      urls: ['https://x'],
      commands: ['ls'],
      canonical: '{"a":"a"}',
      client: { name: 'Editor' },
    })
  })

  it('stops a denied call with the rule, and notes it', () => {
    const { received, trail } = aReceived({})
    const call = traced(received)
    expect(() => judge(call, saying('deny'), anyKey)).toThrow(
      expect.objectContaining({ code: 'policy.denied', params: { entry: 'notes__do_it', rule: 'a rule' } }),
    )
    expect(trail()).toMatchObject({ decision: 'deny', rule: 'a rule' })
  })

  it.each(['allow', 'ask'] as const)('lets %s go on with its verdict', (effect) => {
    expect(judge(traced(aReceived({}).received), saying(effect), anyKey).verdict.effect).toBe(effect)
  })

  it('refuses when the rules throw', () => {
    const broken = {
      evaluate: (): Verdict => {
        throw new Error('broken rules')
      },
    }
    expect(() => judge(traced(aReceived({}).received), broken, anyKey)).toThrow('broken rules')
  })
})

describe('clear', () => {
  const call = (effect: Verdict['effect']) => {
    const { received, trail } = aReceived({})
    return { trail, judged: judge(traced(received), saying(effect), anyKey) }
  }
  const approvals = (clearing: () => Promise<{ by: 'approval'; id: string }>) => ({
    held: () => {
      throw new Error('nothing is held')
    },
    clear: clearing,
    confirm: () => {},
  })

  it('waits for the answer, and does not go on when it is no', async () => {
    const { judged, trail } = call('ask')
    let answer: (value: { by: 'approval'; id: string }) => void = () => {}
    const cleared = clear(
      judged,
      approvals(() => new Promise((resolve) => (answer = resolve))),
      new Rounds(),
    )
    expect(trail().stage).toBe('waiting')
    answer({ by: 'approval', id: 'ap_1' })
    expect((await cleared).clearance).toEqual({ by: 'approval', id: 'ap_1' })
    expect(trail()).toMatchObject({ decision: 'allow', approval: 'ap_1' })
    await expect(
      clear(
        call('ask').judged,
        approvals(() => Promise.reject(new Error('no'))),
        new Rounds(),
      ),
    ).rejects.toThrow('no')
  })
})

describe('throttle and admit', () => {
  it('stop a call that comes too fast before anything is looked up', () => {
    const limits = {
      throttle: () => {
        throw rateLimited('Editor', 5)
      },
      replied: () => {},
      admit: () => Promise.reject(new Error('not reached')),
    }
    const call = resolved(aReceived({}).received)
    expect(() => throttle(call as never, limits)).toThrow(expect.objectContaining({ code: 'limits.rate' }))
  })

  it('give the slot back when the call is over', async () => {
    let released = 0
    const { received, ended } = aReceived({})
    const deadline = new AbortController().signal
    const limits = {
      throttle: () => {},
      replied: () => {},
      admit: async () => ({ deadline, deadlineMs: 5, release: () => released++ }),
    }
    const judged = judge(traced(received), saying('allow'), anyKey)
    const admitted = await admit({ ...judged, clearance: { by: 'rule' } } as never, limits)
    expect(admitted).toMatchObject({ deadlineMs: 5 })
    expect(released).toBe(0)
    for (const end of ended) end()
    expect(released).toBe(1)
  })
})
