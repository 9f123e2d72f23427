/**
 * How Node is to run the app: a small young generation, and an old one that may grow by 60 % before it is collected,
 * keep its memory under load at half of what V8 would take on a large machine, without costing calls (bench/endurance).
 * V8 reads them only when a process starts, so whoever starts the app passes them on.
 */
export const appFlags: readonly string[] = ['--max-semi-space-size=8', '--heap-growing-percent=60']
