export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
export const median = (values: readonly number[]) => quantile(values, 0.5)

/** Proportional set size in megabytes (Linux); undefined elsewhere or for a process that is gone. */
export function proportionalSetMb(read: (file: string) => string, pid: number): number | undefined {
  try {
    const line = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))
    return line ? Number(line[1]) / 1024 : undefined
  } catch {
    return undefined
  }
}
