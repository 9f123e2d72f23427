import { expect, it } from 'vitest'
import { defaultLimits, limitsFor, limitsInWords } from '../../main/sandbox/limits.ts'
import { findScope, scopeCommand } from '../../main/sandbox/scope.ts'

it('gives each server a scope of its own with the limits of this server', () => {
  expect(scopeCommand('/usr/bin/systemd-run', { memoryBytes: 1024, processes: 4, cores: 1.5 })).toEqual([
    '/usr/bin/systemd-run',
    '--user',
    '--scope',
    '--quiet',
    '--collect',
    '--property=MemoryMax=1024',
    '--property=MemorySwapMax=0',
    '--property=TasksMax=32',
    '--property=CPUQuota=150%',
    '--',
  ])
})

it('takes no scope where the person has no manager that keeps the limits', async () => {
  expect(await findScope({})).toBeUndefined()
  expect(await findScope({ XDG_RUNTIME_DIR: '/nonexistent' })).toBeUndefined()
})

it('says who keeps the limits', () => {
  const limits = limitsFor(
    { running: { memoryMb: 100, processes: 5, cores: 1, diskMb: 7 } },
    { ...defaultLimits, memoryBytes: 1 },
  )
  const figures = 'memory 100 MB, 5 processes, 1 processor cores, 7 MB of its own on disk'
  expect(limitsInWords(limits, 'looking')).toBe(`${figures}; measured every second, ended when exceeded`)
  expect(limitsInWords(limits, 'cgroup')).toContain('kept by the system in a cgroup of its own')
  expect(limitsInWords(limits, 'nobody')).toBe('not measured on this system')
})
