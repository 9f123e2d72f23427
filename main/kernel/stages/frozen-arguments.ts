import type { JsonObject } from '../../../shared/domain/json.ts'

const deepest = 64

/**
 * Copies a parsed JSON object into a frozen one, refusing what two programs could read differently: an own `__proto__`,
 * lone surrogates, integers beyond ±(2^53−1), numbers that are not finite, nesting over 64.
 * @see RFC 8259 §6 and RFC 7493 (I-JSON) for numbers and strings
 */
export function frozenArguments(value: unknown): { value: JsonObject } | { problem: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'arguments must be an object' }
  try {
    return { value: copy(value, 1) as JsonObject }
  } catch (error) {
    if (error instanceof Unsafe) return { problem: error.message }
    throw error
  }
}

class Unsafe extends Error {}

function copy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return number(value)
  if (typeof value !== 'object' || value === null) return plain(value)
  if (depth > deepest) throw new Unsafe(`nested deeper than ${deepest} levels`)
  if (Array.isArray(value)) return Object.freeze(value.map((item) => copy(item, depth + 1)))
  const out: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw new Unsafe('a member called __proto__')
    out[text(key)] = copy((value as Record<string, unknown>)[key], depth + 1)
  }
  return Object.freeze(out)
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new Unsafe('a text with half a character (lone surrogate)')
  return value
}

function number(value: number): number {
  if (!Number.isFinite(value)) throw new Unsafe('a number that is not finite')
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new Unsafe('an integer beyond ±(2^53−1)')
  return value
}

function plain(value: unknown): unknown {
  if (value === null || typeof value === 'boolean') return value
  throw new Unsafe('a value JSON cannot carry')
}
