import type { WorkspaceName } from './ids.ts'
import type { ActionKind } from './verdict.ts'

/**
 * What else must hold for a rule, beside client, tool and folder. A rule that allows needs all of it; one that asks or
 * denies holds as soon as one host or label fits. Left out: any.
 */
export interface RuleConditions {
  readonly workspace?: WorkspaceName
  /** `example.com`, or `*.example.com` for what is below it. */
  readonly hosts?: readonly string[]
  /** What filters found in the arguments: `secret`, `private` … */
  readonly labels?: readonly string[]
  readonly actions?: readonly ActionKind[]
  /** Minutes of the local day, `from` included and `to` not; over midnight where `from` is the later. */
  readonly hours?: { readonly from: number; readonly to: number }
  /** 1 Monday … 7 Sunday, local. */
  readonly weekdays?: readonly number[]
  /** By JSON pointer into the arguments: a text in which `*` stands for any text. Only simple values fit. */
  readonly arguments?: Readonly<Record<string, string>>
  /** Of a rule that denies: permissions it leaves, see `role.ts`; Gatehouse’s own tools are always left. */
  readonly unless?: readonly string[]
  /** Of a rule that allows: how much may be used of it until it ends by itself. */
  readonly budget?: Budget
}

export interface Budget {
  readonly calls?: number
  /** UTF-8 bytes of arguments in all. */
  readonly bytes?: number
}

/** Local wall time, as rules see it. */
export interface TimeOfDay {
  /** 0 … 1439 */
  readonly minute: number
  /** 1 Monday … 7 Sunday */
  readonly weekday: number
}

export function timeOfDay(at: number): TimeOfDay {
  const date = new Date(at)
  return { minute: date.getHours() * 60 + date.getMinutes(), weekday: date.getDay() === 0 ? 7 : date.getDay() }
}

/** Hours that hold at no time: what begins and ends at the same minute is none, not the whole day. */
export const neverHolds = ({ from, to }: { readonly from: number; readonly to: number }): boolean => from === to

export const withinHours = ({ from, to }: { readonly from: number; readonly to: number }, minute: number): boolean =>
  from <= to ? minute >= from && minute < to : minute >= from || minute < to
