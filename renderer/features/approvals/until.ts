/** How long a remembered "allow" lasts. */
export const untilChoices = ['forever', 'hour', 'today', 'week', 'month', 'date'] as const
export type Until = (typeof untilChoices)[number]

const hourMs = 3_600_000

/**
 * When it ends, in epoch milliseconds; undefined never ends.
 *
 * @param date local date and time as the date field gives it, for the choice "date"
 */
export function untilMs(until: Until, nowMs: number, date: string): number | undefined {
  switch (until) {
    case 'forever':
      return undefined
    case 'hour':
      return nowMs + hourMs
    case 'today':
      return new Date(nowMs).setHours(23, 59, 59, 999)
    case 'week':
      return nowMs + 7 * 24 * hourMs
    case 'month':
      return nowMs + 30 * 24 * hourMs
    case 'date': {
      const chosen = new Date(date).getTime()
      return Number.isFinite(chosen) && chosen > nowMs ? chosen : nowMs // a date that makes no sense ends at once
    }
  }
}
