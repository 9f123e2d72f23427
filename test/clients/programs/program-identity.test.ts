import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isSameMaker, ProgramIdentities } from '../../../main/clients/programs/program-identity.ts'
import type { RunTool } from '../../../main/clients/programs/run-tool.ts'

const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-program-')), 'editor')
writeFileSync(file, 'a program')
const hash = { kind: 'hash', name: createHash('sha256').update('a program').digest('hex') }
const fails: RunTool = () => Promise.reject(new Error('no'))

/** What codesign writes of a notarized app. */
const codesign = `Executable=/Applications/Editor.app/Contents/MacOS/Editor
Identifier=com.example.editor
Format=app bundle with Mach-O universal (x86_64 arm64)
Authority=Developer ID Application: Example Inc. (AB12CD34EF)
Authority=Developer ID Certification Authority
Authority=Apple Root CA
TeamIdentifier=AB12CD34EF
`

describe('on macOS', () => {
  it('tells who signed a program whose signature holds', async () => {
    const asked: string[][] = []
    const run: RunTool = async (command, args) => {
      asked.push([command, ...args])
      return args[0] === '-d' ? codesign : ''
    }
    const of = await new ProgramIdentities({ platform: 'darwin', run }).of(file)
    expect(of).toEqual({ kind: 'signature', name: 'Developer ID Application: Example Inc. (AB12CD34EF)' })
    expect(asked[0]).toEqual(['/usr/bin/codesign', '--verify', '--strict', file])
  })

  it('takes the word of no signature that is broken', async () => {
    const run: RunTool = async (_, args) => (args[0] === '-d' ? codesign : fails('', []))
    expect(await new ProgramIdentities({ platform: 'darwin', run }).of(file)).toEqual(hash)
  })
})

describe('on Windows', () => {
  it.each([
    ['CN="Example, Inc.", O="Example, Inc.", L=Berlin, C=DE\r\n', 'Example, Inc.'],
    ['CN=Microsoft Corporation, O=Microsoft Corporation, C=US\r\n', 'Microsoft Corporation'],
  ])('tells who signed: %s', async (subject, name) => {
    const of = await new ProgramIdentities({ platform: 'win32', run: async () => subject }).of(file)
    expect(of).toEqual({ kind: 'signature', name })
  })

  it('falls back to the hash of an unsigned program', async () => {
    expect(await new ProgramIdentities({ platform: 'win32', run: async () => '' }).of(file)).toEqual(hash)
  })
})

describe('on Linux', () => {
  it('names the package of the system’s own programs', async () => {
    const answers: RunTool = async (command) => (command === 'dpkg-query' ? 'nodejs: /usr/bin/node\n' : fails('', []))
    const of = await new ProgramIdentities({ platform: 'linux', run: answers }).of(file)
    expect(of).toEqual({ kind: 'package', name: 'nodejs' })
    const fedora: RunTool = async (command) => (command === 'rpm' ? 'nodejs20\n' : fails('', []))
    const rpm = await new ProgramIdentities({ platform: 'linux', run: fedora }).of(file)
    expect(rpm).toEqual({ kind: 'package', name: 'nodejs20' })
  })

  it.skipIf(process.platform !== 'linux')('asks the real system: a file of a person’s own has a hash', async () => {
    const identities = new ProgramIdentities()
    expect(await identities.of(file)).toEqual(hash)
    const shell = realpathSync('/bin/sh')
    const known = await identities.of(shell)
    if (known?.kind === 'hash') expect(known.name).toBe(createHash('sha256').update(readFileSync(shell)).digest('hex'))
    else expect(known?.kind).toBe('package')
  })
})

it('looks once at each version of a file, and at nothing that is no file', async () => {
  let asked = 0
  const run: RunTool = async () => {
    asked++
    return 'editor: /usr/bin/editor\n'
  }
  const identities = new ProgramIdentities({ platform: 'linux', run })
  await Promise.all([identities.of(file), identities.of(file)])
  expect(asked).toBe(1)
  writeFileSync(file, 'another version')
  await identities.of(file)
  expect(asked).toBe(2)
  for (const nothing of ['editor', '/nowhere/at-all', '']) expect(await identities.of(nothing)).toBeUndefined()
  expect(asked).toBe(2)
})

it('takes another signer, another package, or none any more, for another maker; an update by hash for the same', () => {
  const signed = { kind: 'signature', name: 'Example' } as const
  expect(isSameMaker(signed, signed)).toBe(true)
  expect(isSameMaker(signed, { kind: 'signature', name: 'Other' })).toBe(false)
  expect(isSameMaker(signed, { kind: 'hash', name: 'ab' })).toBe(false)
  expect(isSameMaker(signed, undefined)).toBe(false)
  expect(isSameMaker({ kind: 'hash', name: 'ab' }, { kind: 'hash', name: 'cd' })).toBe(true)
  expect(isSameMaker(undefined, signed)).toBe(true)
})
