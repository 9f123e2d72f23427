const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']

/** Whether a message of this level reaches a client that wants `threshold` and above; nothing without a threshold. */
export function wantsLevel(level: unknown, threshold: unknown): boolean {
  const least = levels.indexOf(String(threshold))
  return least !== -1 && levels.indexOf(String(level)) >= least
}
