const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']

/** Whether a message of this level reaches a client that wants `threshold` and above; nothing without a threshold. */
export function wantsLevel(level: unknown, threshold: unknown): boolean {
  const least = typeof threshold === 'string' ? levels.indexOf(threshold) : -1
  return least !== -1 && typeof level === 'string' && levels.indexOf(level) >= least
}
