import { expect, it } from 'vitest'
import { passwordProblem } from '../../../main/supervisor/packages/index-address.ts'
import { archiveHosts, pipProblem } from '../../../main/supervisor/packages/python.ts'
import { lockedFrom, requirements } from '../../../main/supervisor/packages/python-lock.ts'

const index = new URL('https://pypi.org/simple/')
const nothing = 'ERROR: Could not find a version that satisfies the requirement x (from versions: none)'

it.each([
  [`${nothing}\nERROR: No matching distribution found for x`, '', 'has no ready-made package “x”'],
  [
    'ERROR: Could not find a version … (from versions: 1.0)\nERROR: No matching distribution found',
    '',
    'no such version',
  ],
  [
    `WARNING: Retrying … NewConnectionError\n${nothing}\nERROR: No matching distribution found`,
    '',
    'could not be reached',
  ],
  ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.', '', 'is not what it said'],
  ['ERROR: HTTP error 403', 'files.example.org', 'sends to another host, files.example.org'],
  ['ERROR: Something else', '', 'failed: Something else'],
])('says what pip meant: %s', (output, refused, words) => {
  expect(pipProblem('x', index, output, refused)).toContain(words)
})

it('knows where the public index keeps its archives, and no other’s', () => {
  expect(archiveHosts(index)).toEqual(['files.pythonhosted.org:443'])
  expect(archiveHosts(new URL('https://index.example.org/simple/'))).toEqual([])
})

it('uses no index whose address holds a password: it would stand in the arguments of pip', () => {
  expect(passwordProblem(index)).toBeUndefined()
  for (const secret of ['https://user:s3cret@index.example.org/simple/', 'https://token-only@index.example.org/'])
    expect(passwordProblem(new URL(secret))).toMatch(
      /^the address of index\.example\.org, where its package comes from, holds a password/,
    )
})

const reported = (change: object = {}) =>
  JSON.stringify({
    install: [
      {
        metadata: { name: 'A_b', version: '1.0' },
        download_info: {
          url: 'https://files.pythonhosted.org/A_b-1.0-py3-none-any.whl',
          archive_info: { hashes: { sha256: 'a'.repeat(64) } },
        },
        ...change,
      },
    ],
  })

it('locks every package by its checksum', () => {
  const locked = lockedFrom(reported())
  expect(locked).toEqual([{ name: 'a-b', version: '1.0', sha256: 'a'.repeat(64) }])
  expect(requirements(locked)).toBe(`a-b==1.0 --hash=sha256:${'a'.repeat(64)}\n`)
})

it.each([
  ['no checksum', { download_info: { url: 'https://x/a.whl', archive_info: {} } }],
  [
    'to be built',
    { download_info: { url: 'https://x/a.tar.gz', archive_info: { hashes: { sha256: 'a'.repeat(64) } } } },
  ],
  ['from Git', { download_info: { url: 'git+https://x/a', vcs_info: {} } }],
  ['a name that is an option', { metadata: { name: '--index-url=x', version: '1.0 --hash' } }],
])('takes none with %s', (_what, change) => {
  expect(() => lockedFrom(reported(change))).toThrow()
})
