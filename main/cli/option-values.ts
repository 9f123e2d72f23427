import { InvalidArgumentError } from 'commander'
import { type FolderAccess, type FolderRight, folderRights, plainAccess } from '../../shared/domain/folder-rights.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'

/** Collects an option that may be given several times. */
export const many =
  <T>(parse: (value: string) => T) =>
  (value: string, before: readonly T[] | undefined): readonly T[] => [...(before ?? []), parse(value)]

export const text = (value: string): string => value

/**
 * `DIR`, with what narrows it after colons: `:ro` or rights (`:list,read,create`), and how long (`:24h`).
 * A folder may hold colons itself: only what is one of these at its end is taken off.
 */
export function allowedPath(value: string): GivenPath {
  let folder = value
  const given: { access?: FolderAccess; until?: EpochMs } = {}
  for (;;) {
    const at = folder.lastIndexOf(':')
    const word = folder.slice(at + 1)
    const access = accessIn(word)
    if (at < 0) break
    if (access !== undefined && given.access === undefined) given.access = access
    else if (spanPattern.test(word) && given.until === undefined) given.until = until(word) as EpochMs
    else break
    folder = folder.slice(0, at)
  }
  if (!folder) throw new InvalidArgumentError('Write it as DIR, DIR:ro, DIR:list,read,create or DIR:24h.')
  return { path: folder, access: given.access ?? 'write', ...(given.until === undefined ? {} : { until: given.until }) }
}

export interface GivenPath {
  readonly path: string
  readonly access: FolderAccess
  readonly until?: EpochMs
}

function accessIn(word: string): FolderAccess | undefined {
  if (word === 'ro') return 'read'
  const rights = word.split(',')
  return rights.every((right) => folderRights.some((known) => known === right))
    ? plainAccess(rights as FolderRight[])
    : undefined
}

const levels = ['none', 'basic', 'standard', 'strict', 'paranoid'] as const
export type Level = 0 | 1 | 2 | 3 | 4

/** 0 to 4, or the level's name. */
export function sandboxLevel(value: string): Level {
  const named = levels.indexOf(value as (typeof levels)[number])
  const level = named >= 0 ? named : Number(value)
  if (!/^[0-4]$/.test(String(level))) throw new InvalidArgumentError(`Write 0 to 4, or one of ${levels.join(', ')}.`)
  return level as Level
}
export const levelName = (level: number): string => `${level} ${levels[level] ?? ''}`.trim()

export function environmentValue(value: string): readonly [string, string] {
  const equals = value.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('Write it as NAME=VALUE.')
  return [value.slice(0, equals), value.slice(equals + 1)]
}

const spanPattern = /^(\d{1,5})([mhdw])$/
const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** A date and time (ISO 8601, local without a zone), or a span from now: 30m, 2h, 7d, 4w. @returns epoch milliseconds */
export function until(value: string): number {
  const at = timeAt(value, 1)
  if (at <= Date.now()) throw new InvalidArgumentError('This time is over already.')
  return at
}

/** A date and time as `until` takes it, or a span back from now. @returns epoch milliseconds */
export const backThen = (value: string): number => timeAt(value, -1)

function timeAt(value: string, direction: 1 | -1): number {
  const span = spanPattern.exec(value)
  const spanMs = span && Number(span[1]) * unitMs[span[2] as keyof typeof unitMs]
  const at = spanMs === null ? Date.parse(value) : Date.now() + direction * spanMs
  if (!Number.isFinite(at))
    throw new InvalidArgumentError('Write a date and time (2030-01-31T18:00) or a span (2h, 7d).')
  return at
}

export function jsonObject(value: string): Record<string, never> {
  const parsed = parseJson(value)
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new InvalidArgumentError('Write a JSON object, e.g. \'{"path":"notes.md"}\'.')
  return parsed as Record<string, never>
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new InvalidArgumentError('This is not JSON.')
  }
}

/** Of an entry of the record, which has no end. */
export function entryNumber(value: string): number {
  if (!/^[1-9]\d{0,14}$/.test(value)) throw new InvalidArgumentError('Write the number of an entry.')
  return Number(value)
}

/** A number of days; 0 is one, too. */
export function days(value: string): number {
  if (!/^\d{1,5}$/.test(value)) throw new InvalidArgumentError('Write a whole number.')
  return Number(value)
}

export function count(value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('Write a whole number.')
  return Number(value)
}

/** Local time, to the minute, with its zone: 2026-01-31 18:00 EET. */
export function zonedTime(epochMs: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(epochMs)
  const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return `${localTime(epochMs).slice(0, 16)} ${zone}`
}

/** Local time, to the second: 2026-01-31 18:00:00. */
export function localTime(epochMs: number): string {
  const at = new Date(epochMs)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
