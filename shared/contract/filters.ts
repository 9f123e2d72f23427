import { z } from 'zod'
import {
  contentFilterIds,
  directions,
  filterActions,
  filterGroups,
  filterPolicies,
  filterSeverities,
  longestOwnWord,
  ownWordKinds,
} from '../domain/filters.ts'
import { call, event } from './define.ts'

const action = z.enum(filterActions)
const direction = z.enum(directions)
const filter = z.enum(contentFilterIds)
/** A server's name, or `*` for all that have no setting of their own. */
const forServer = z
  .string()
  .regex(/^(?:\*|[a-z0-9-]{1,24})$/)
  .default('*')
const longestText = 100_000

const oneWay = z.object({
  action,
  /** The person set it, for this server or for all. */
  set: z.boolean(),
})
export const listedFilter = z.object({
  id: filter,
  group: z.enum(filterGroups),
  severity: z.enum(filterSeverities),
  call: oneWay,
  reply: oneWay,
})
const foundBy = z.enum([...contentFilterIds, 'own-words'])
const word = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .refine((text) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text), 'A name has only characters that can be seen.'),
  kind: z.enum(ownWordKinds).default('word'),
  severity: z.enum(filterSeverities).default('warning'),
  call: action.default('block'),
  reply: action.default('redact'),
})
/** A word of the person's own as it is listed: without what is looked for. */
export const listedWord = word.extend({
  id: z.string(),
  /** Since the app was started. */
  found: z.object({ call: z.number().int(), reply: z.number().int() }),
})
/** `value` is what is looked for: it is never logged, and shown only by `showWord`. */
export const wordDraft = word.extend({ value: z.string().min(1).max(longestOwnWord) })
const wordId = z.object({ id: z.string().max(40) })
export const filterFinding = z.object({
  filter: foundBy,
  /** Of `own-words`: what it is called. */
  word: z.string().optional(),
  severity: z.enum(filterSeverities),
  action,
  /** Why it fires: `luhn`, `override`, `zero-width` … */
  reason: z.string(),
  /** UTF-16 units from the beginning of the text. */
  start: z.number().int(),
  end: z.number().int(),
  /** Counted from 1. */
  line: z.number().int(),
  column: z.number().int(),
})

export const filters = {
  /** What is looked for, what happens then, and how often it did since the app was started. No contents. */
  list: call(
    z.object({ server: forServer }),
    z.object({
      policy: z.enum(filterPolicies),
      filters: z.array(listedFilter),
      /** Always on: secrets kept in Gatehouse, and the largest answer. */
      fixed: z.array(z.object({ id: z.enum(['known-secrets', 'answer-size']), call: action, reply: action })),
      counts: z.array(
        z.object({
          filter: z.enum([...contentFilterIds, 'own-words', 'known-secrets', 'answer-size']),
          direction,
          action,
          count: z.number().int(),
        }),
      ),
      words: z.array(listedWord),
      lookedThrough: z.object({ call: z.number().int(), reply: z.number().int() }),
    }),
    { verb: 'status' },
  ),
  /** What would fire on a text, without sending it anywhere or keeping it. */
  test: call(
    z.object({ text: z.string().max(longestText), direction: direction.default('reply'), server: forServer }),
    z.object({ findings: z.array(filterFinding), labels: z.array(z.string()), tookMicros: z.number() }),
    { verb: 'status' },
  ),
  /** Without `action` the setting is taken back. */
  set: call(z.object({ server: forServer, filter, direction, action: action.optional() }), z.void(), {
    verb: 'changes',
    widens: true,
  }),
  /** Without `policy` the setting is taken back. */
  setPolicy: call(z.object({ server: forServer, policy: z.enum(filterPolicies).optional() }), z.void(), {
    verb: 'changes',
    widens: true,
  }),
  addWord: call(wordDraft, listedWord, { verb: 'changes' }),
  /** What a word looks for. */
  showWord: call(wordId, z.object({ value: z.string() }), { verb: 'contents' }),
  removeWord: call(wordId, z.object({ removed: z.boolean() }), { verb: 'changes', widens: true }),
  changed: event(z.object({})),
} as const
