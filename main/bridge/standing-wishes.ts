import type { RequestId } from '../../shared/wire/framing.ts'
import type { Glance } from './glance.ts'

/** What is answered once and holds from then on. */
interface Wish {
  readonly method: string
  readonly params: object
  /** Wishes with the same key take each other's place. */
  readonly key: string
  /** The resource that is watched. */
  readonly uri?: string
  /** It ends the wish of this key. */
  readonly ends?: true
}

/** What the app's answer to a repeated wish means. */
export interface Repeated {
  /** For the client: messages without their `jsonrpc`. */
  readonly tell: readonly object[]
  /** The app does not agree any more. */
  readonly refused?: string
  /** The app did not agree yet: asked once more after so many milliseconds, by `again` with the key. */
  readonly later?: { readonly key: string; readonly waitMs: number }
}

export const repeatedIdPrefix = 'gatehouse-bridge-repeat-'
const mostKept = 1000
const longestBytes = 16 * 1024
/** Milliseconds before each further try: a server that has just been started may refuse at first. */
const pausesMs = [1000, 5000, 20_000] as const

/**
 * What a client up to 2025-11-25 asked for once and relies on from then on: the resources it watches (`resources/subscribe`)
 * and its log level. A restarted app is asked again, under ids of the bridge's own, and whatever the client watches counts
 * as changed once: it reads again, and hears then when it may not any more.
 */
export class StandingWishes {
  readonly #granted = new Map<string, Wish>()
  readonly #asked = new Map<RequestId, Wish>()
  readonly #repeated = new Map<RequestId, Wish>()
  /** How often a wish was refused since the app came back, by key. */
  readonly #refusals = new Map<string, number>()
  #count = 0

  sent({ kind, id, method }: Glance, line: Buffer): void {
    if (kind !== 'request' || id === undefined || method === undefined || line.length > longestBytes) return
    const wish = wishIn(method, line)
    if (wish) this.#asked.set(id, wish)
  }

  /** The client withdrew it. */
  end(id: RequestId): void {
    this.#asked.delete(id)
  }

  /** @returns undefined unless it answers what the bridge asked by itself */
  answered(id: RequestId, line: Buffer): Repeated | undefined {
    const repeated = this.#repeated.get(id)
    if (repeated) {
      this.#repeated.delete(id)
      return this.#goesOn(repeated, isResult(line))
    }
    const wish = this.#asked.get(id)
    this.#asked.delete(id)
    if (wish && isResult(line)) this.#keep(wish)
    return undefined
  }

  /** The app is gone. */
  interrupted(): void {
    this.#asked.clear()
    this.#repeated.clear()
    this.#refusals.clear()
  }

  /** What a restarted app has to hear again. */
  lines(): string[] {
    return [...this.#granted.values()].map((wish) => this.#line(wish))
  }

  /** @returns what to ask once more, unless the client no longer wants it */
  again(key: string): string | undefined {
    const wish = this.#granted.get(key)
    return wish && this.#line(wish)
  }

  #line(wish: Wish): string {
    this.#count += 1
    const id = `${repeatedIdPrefix}${this.#count}`
    this.#repeated.set(id, wish)
    return JSON.stringify({ jsonrpc: '2.0', id, method: wish.method, params: wish.params })
  }

  #keep(wish: Wish): void {
    if (wish.ends) this.#granted.delete(wish.key)
    else if (this.#granted.has(wish.key) || this.#granted.size < mostKept) this.#granted.set(wish.key, wish)
  }

  #goesOn({ key, uri, method }: Wish, agreed: boolean): Repeated {
    const stillWanted = this.#granted.has(key)
    const tell =
      uri !== undefined && stillWanted ? [{ method: 'notifications/resources/updated', params: { uri } }] : []
    if (agreed) return { tell }
    const waitMs = stillWanted ? this.#pauseAfterRefusal(key) : undefined
    if (waitMs !== undefined) return { tell, later: { key, waitMs } }
    this.#granted.delete(key)
    return { tell, refused: `${method}${uri === undefined ? '' : ` ${uri}`}` }
  }

  #pauseAfterRefusal(key: string): number | undefined {
    const before = this.#refusals.get(key) ?? 0
    this.#refusals.set(key, before + 1)
    return pausesMs[before]
  }
}

function wishIn(method: string, line: Buffer): Wish | undefined {
  if (method === 'logging/setLevel') {
    const { level } = paramsOf(line)
    return typeof level === 'string' ? { method, params: { level }, key: 'level' } : undefined
  }
  const ends = method === 'resources/unsubscribe'
  if (method !== 'resources/subscribe' && !ends) return undefined
  const { uri } = paramsOf(line)
  if (typeof uri !== 'string') return undefined
  return { method, params: { uri }, key: `watch ${uri}`, uri, ...(ends ? { ends } : {}) }
}

const paramsOf = (line: Buffer): { readonly level?: unknown; readonly uri?: unknown } =>
  membersOf(membersIn(line).params)

/** Only short answers are expected here: `{}` or an error. */
const isResult = (line: Buffer): boolean => 'result' in membersIn(line)

/** A glance reads only the ends of a line: what is between may be anything. @returns none of what is unreadable */
function membersIn(line: Buffer): { readonly [member: string]: unknown } {
  try {
    return membersOf(JSON.parse(line.toString('utf8')))
  } catch {
    return {}
  }
}

const membersOf = (value: unknown): { readonly [member: string]: unknown } =>
  typeof value === 'object' && value !== null ? { ...value } : {}
