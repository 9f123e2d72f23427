/**
 * How Node is to run the app: a small young generation, and an old one that may grow by 60 % before it is collected,
 * keep its memory under load at half of what V8 would take on a large machine, without costing calls (bench/endurance).
 * The young one is small enough to be collected by one thread: waking four helpers costs a tenth of a call (bench/call-path).
 * V8 reads them only when a process starts, so whoever starts the app passes them on.
 */
export const appFlags: readonly string[] = [
  '--max-semi-space-size=8',
  '--heap-growing-percent=60',
  '--no-parallel-scavenge',
]

/**
 * How glibc is to keep the app's freed memory: each of V8's and libuv's threads otherwise holds on to what compiling and
 * collecting once took, 15 MB at rest. Other C libraries ignore it. @see mallopt(3)
 */
const allocator = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: String(256 * 1024),
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
}

/** An environment for the app: where its owner says how memory is kept, that counts. */
export const withAllocator = <T extends object>(env: T): T => ({ ...allocator, ...env })
