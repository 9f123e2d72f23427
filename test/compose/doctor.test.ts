import { describe, expect, it } from 'vitest'
import { diskFinding } from '../../main/compose/doctor.ts'

const megabyte = 1024 ** 2
const gigabyte = 1024 ** 3

describe('the free disk', () => {
  it('is told in MB below one GB', () => {
    const finding = diskFinding({ freeBytes: 12.5 * megabyte, totalBytes: 64 * megabyte })
    expect(finding).toEqual({ id: 'disk', state: 'ok', finding: '12 MB of disk are free.', remedy: '' })
    expect(diskFinding({ freeBytes: 40 * gigabyte, totalBytes: 100 * gigabyte }).finding).toContain('40.0 GB')
  })

  it('is a warning near the part kept for the audit log, and a problem once that is reached', () => {
    const states = [150, 90, 51, 49, 0].map(
      (megabytes) => diskFinding({ freeBytes: megabytes * megabyte, totalBytes: 1000 * megabyte }).state,
    )
    expect(states).toEqual(['ok', 'warning', 'warning', 'problem', 'problem'])
    const reached = diskFinding({ freeBytes: 3 * megabyte, totalBytes: 1000 * megabyte })
    expect(reached.finding).toContain('3 MB')
    expect(reached.remedy).toContain('refused')
  })

  it('of a large disk is fine with a small part of it, since no more than 1 GB is kept', () => {
    expect(diskFinding({ freeBytes: 3 * gigabyte, totalBytes: 4000 * gigabyte }).state).toBe('ok')
    expect(diskFinding({ freeBytes: 1.5 * gigabyte, totalBytes: 4000 * gigabyte }).state).toBe('warning')
    expect(diskFinding({ freeBytes: 0.9 * gigabyte, totalBytes: 4000 * gigabyte }).state).toBe('problem')
  })
})
