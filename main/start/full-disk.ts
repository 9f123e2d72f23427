const sayAgainMs = 60_000
const codes = /^(?:ENOSPC|EDQUOT|EROFS|EIO|SQLITE_FULL|SQLITE_READONLY|SQLITE_IOERR)/

/**
 * Work in the background that cannot be written, because the disk is full or became read-only, does not end the app: calls
 * are refused by the audit log as long as it lasts, and everything goes on when there is room. Any other error nobody
 * caught ends it.
 *
 * @param fail says the error and ends the process
 */
export function outliveFullDisk(fail: (error: unknown) => never): void {
  let saidAt = Number.NEGATIVE_INFINITY
  process.on('uncaughtException', (error) => {
    if (!isFullDisk(error)) fail(error)
    if (performance.now() - saidAt < sayAgainMs) return
    saidAt = performance.now()
    process.stderr.write(
      `The disk cannot be written (${error.message}). Free some space; until then calls are refused.\n`,
    )
  })
}

export function isFullDisk(error: unknown): boolean {
  return codes.test(String((error as { code?: unknown } | null)?.code ?? ''))
}
