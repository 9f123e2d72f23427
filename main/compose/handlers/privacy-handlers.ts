import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Caller } from '../../../shared/contract/define.ts'
import type { ErasureResult, Holding } from '../../../shared/contract/privacy.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import type { PersonalStoreName } from '../../../shared/domain/privacy.ts'
import type { Memory } from '../../memory/memory.ts'
import { type Asked, type Erasure, type Finding, type Followed, type Privacy, spanOf } from '../../privacy/privacy.ts'
import type { Foundation } from '../foundation.ts'
import { documentPiece } from '../privacy/document.ts'

/** Items of a place that are shown; the document has all of them. */
const shownItems = 200

export function privacyHandlers(base: Foundation, privacy: Privacy, memory: Memory): GatehouseHandlers['privacy'] {
  const { events, audit } = base
  const running = new Map<string, AbortController>()
  const followed = async <T>(
    watch: string | undefined,
    { signal: gone }: Caller,
    work: (followed: Followed) => Promise<T>,
  ): Promise<T> => {
    if (watch === undefined) return work(gone ? { signal: gone } : {})
    const stop = new AbortController()
    const signal = gone ? AbortSignal.any([gone, stop.signal]) : stop.signal
    running.set(watch, stop)
    const onProgress = (store: PersonalStoreName, percent: number) =>
      events.emit('privacy.progressed', { watch, store, percent })
    try {
      return await work({ signal, onProgress })
    } finally {
      running.delete(watch)
    }
  }
  const askedBy = ({ subject, called }: { subject: string[]; called: string }, { description }: Caller): Asked => ({
    words: subject,
    called,
    by: description,
  })
  const shown =
    (kind: 'access' | 'portability'): GatehouseHandlers['privacy']['access'] =>
    (input, caller) =>
      followed(input.watch, caller, async (how) => {
        const { request, finding } = await privacy.show(kind, askedBy(input, caller), how)
        return { request, ...holdingOf(finding) }
      })
  return {
    find: ({ subject, watch }, caller) =>
      followed(watch, caller, async (how) => holdingOf(await privacy.find(subject, caller.description, how))),
    access: shown('access'),
    export: shown('portability'),
    document: ({ request, from }) => {
      const called = privacy.requests().find(({ id }) => id === request)?.called ?? ''
      return documentPiece(privacy, request, called, from)
    },
    rectify: ({ wrong, right, ...input }, caller) =>
      privacy
        .rectify(askedBy(input, caller), wrong, right)
        .then(({ request, changed }) => ({ request, changed: [...changed] })),
    erase: (input, caller) =>
      followed(input.watch, caller, async (how) => {
        const erasure = erasureOf(await privacy.erase(askedBy(input, caller), how))
        const verdict = await audit.verify().catch(() => undefined)
        return { ...erasure, ...(verdict ? { auditValid: verdict.valid } : {}) }
      }),
    cancel: ({ watch }) => running.get(watch)?.abort(),
    requests: () => ({ requests: [...privacy.requests()] }),
    report: () => reportOf(base, privacy, memory),
  }
}

function holdingOf({ stores, unsearched, before }: Finding): Holding {
  const holdings = stores
    .filter(({ items }) => items.length > 0)
    .map(({ store, items }) => ({
      store,
      count: items.length,
      ...spanOf(items),
      kept: items.filter(({ kept }) => kept !== undefined).length,
      items: items.slice(0, shownItems).map(({ ref: _, ...item }) => item),
    }))
  const total = holdings.reduce((sum, { count }) => sum + count, 0)
  return { stores: holdings, total, unsearched: [...unsearched], before: [...before] }
}

function erasureOf({ request, erased, kept, left }: Erasure): ErasureResult {
  const alike = Map.groupBy(kept, ({ store, why }) => `${store} ${why}`)
  const keptCounts = [...alike.values()].flatMap(([first, ...others]) =>
    first ? { ...placed(first.store), why: first.why, count: others.length + 1 } : [],
  )
  const named = kept.slice(0, shownItems).map(({ store, where, why }) => ({ ...placed(store), where, why }))
  return { request, erased: [...erased], kept: named, keptCounts, left }
}

const placed = (store: PersonalStoreName | undefined) => (store ? { store } : {})

async function reportOf(
  { audit, settings, cipher, ring }: Foundation,
  privacy: Privacy,
  memory: Memory,
): Promise<Awaited<ReturnType<GatehouseHandlers['privacy']['report']>>> {
  const requests = privacy.requests()
  const { count, newestAt } = cipher.facts()
  const workspaces = await Promise.all(
    memory.workspaces().map(async (workspace) => {
      const { concepts, observations } = await memory.in(workspace).overview()
      return { workspace, concepts, observations }
    }),
  )
  const oldestContents = audit.oldestContents() as EpochMs | undefined
  const lastVerification = audit.lastVerification()
  const { auditDays: days, auditPiiDays: piiDays } = settings.current
  return {
    madeAt: Date.now() as EpochMs,
    audit: { ...(await audit.personalCounts()), ...(oldestContents === undefined ? {} : { oldestContents }) },
    retention: { days, piiDays: Math.min(days, piiDays) },
    memory: workspaces,
    requests: {
      byKind: counted(requests.map(({ kind }) => kind)),
      byOutcome: counted(requests.flatMap(({ outcome }) => outcome ?? [])),
      open: requests.filter(({ endedAt }) => endedAt === undefined).length,
    },
    encryption: {
      cipher: 'AES-256-GCM',
      keptIn: ring.describe(),
      keys: count,
      newestKeyAt: newestAt as EpochMs,
      clear: ['memory', 'answers', 'rules', 'incidents', 'logs', 'settings'],
    },
    ...(lastVerification ? { lastVerification } : {}),
  }
}

const counted = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, of]) => [name, of.length]))
