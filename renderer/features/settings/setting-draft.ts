/** What may be typed for a setting. */
export interface Range {
  readonly kind: 'number' | 'choice' | 'text'
  readonly least?: number | undefined
  readonly most?: number | undefined
}
export type Draft = { readonly value: number | string | null } | { readonly problem: 'whole' | 'range' }

/** What was typed, as it would be sent; an empty text is none. */
export function draftOf(typed: string, { kind, least, most }: Range): Draft {
  const text = typed.trim()
  if (kind !== 'number') return { value: text === '' ? null : text }
  if (!/^-?\d{1,15}$/.test(text)) return { problem: least === undefined || most === undefined ? 'whole' : 'range' }
  const value = Number(text)
  const fits = (least === undefined || value >= least) && (most === undefined || value <= most)
  return fits ? { value } : { problem: 'range' }
}

export type Unit = 'seconds' | 'hours' | 'days' | 'calls' | 'atOnce' | 'percent' | 'milliseconds' | 'tries'

/** The unit is in a setting's name. */
export function unitOf(path: string): Unit | undefined {
  if (path.endsWith('Milliseconds')) return 'milliseconds'
  if (path.endsWith('Percent')) return 'percent'
  if (path.endsWith('Attempts')) return 'tries'
  if (path.endsWith('Seconds')) return 'seconds'
  if (path.endsWith('Hours')) return 'hours'
  if (/days$/i.test(path)) return 'days'
  if (path.endsWith('PerMinute')) return 'calls'
  return /(?:concurrency|openPerClient)$/.test(path) ? 'atOnce' : undefined
}
