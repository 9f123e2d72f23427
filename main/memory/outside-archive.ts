import { sep } from 'node:path'

/** A packaged app’s archive is no folder to the system’s loader, nor to a thread; the file lies beside it. */
export const outsideArchive = (file: string): string =>
  file.replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`)
