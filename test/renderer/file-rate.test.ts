import { expect, it } from 'vitest'
import { fileRateOf } from '../../renderer/features/servers/file-rate-field.tsx'
import { permissions } from '../../shared/contract/permissions.ts'

it('reads how many file operations a second may be, and takes an empty field for the usual number', () => {
  expect(fileRateOf(' 20 ')).toBe(20)
  expect(fileRateOf('1000000')).toBe(1_000_000)
  expect(fileRateOf('  ')).toBe(null)
  for (const typed of ['20', '', '1'])
    expect(
      permissions.setFolders.input.safeParse({ folders: [], operationsPerSecond: fileRateOf(typed) }).success,
    ).toBe(true)
})

it.each(['0', '-1', '1.5', '1e3', 'many', '1000001', '99999999999999999999', '0x10', '10 a second'])(
  'takes %j for no number of file operations',
  (typed) => expect(fileRateOf(typed)).toBeUndefined(),
)
