import type { z } from 'zod'
import type { usageSample } from '../../../shared/contract/running.ts'

type Usage = z.output<typeof usageSample>

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`

/** What a server uses, on one line. */
export function usageWords({ cpu, memoryBytes, readBytes, writtenBytes, networkBytes, processes }: Usage): string {
  const disk = `disk ${perSecond(readBytes + writtenBytes)}`
  const network = networkBytes === undefined ? [] : [`network ${perSecond(networkBytes)}`]
  return [`${cpu.toFixed(2)} cores`, megabytes(memoryBytes), disk, ...network, `${processes} processes`].join(', ')
}

const perSecond = (bytes: number) => `${Math.round(bytes / 1024)} KB/s`
