import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nowhere, type PathPlatform, Paths, thisPlatform } from '../../main/filters/paths.ts'

let root: string
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'paths-')))
  mkdirSync(join(root, 'allowed/deep'), { recursive: true })
  mkdirSync(join(root, 'secret'))
  writeFileSync(join(root, 'secret/key'), 'k')
  symlinkSync(join(root, 'secret'), join(root, 'allowed/door'))
  symlinkSync('../secret/not-there-yet', join(root, 'allowed/dangling'))
  symlinkSync('loop-b', join(root, 'allowed/loop-a'))
  symlinkSync('loop-a', join(root, 'allowed/loop-b'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('on POSIX', () => {
  const paths = () => new Paths({ ...thisPlatform(root), windows: false, ignoresCase: false, composesUnicode: false })
  const within = (given: string) => {
    const allowed = [{ path: join(root, 'allowed'), access: 'write' as const }]
    return paths().allowedBy(paths().resolve(given, join(root, 'allowed')), allowed) !== undefined
  }

  it('takes what lies inside, existing or not, absolute or relative', () => {
    for (const given of [
      'deep',
      './deep/new/file.txt',
      join(root, 'allowed/x'),
      join(root, 'allowed'),
      '.',
      'deep/../x',
      '~/allowed/x',
    ])
      expect([given, within(given)]).toEqual([given, true])
  })

  it('refuses what leaves by .., by prefix, by symlink, or by a symlink that dangles', () => {
    for (const given of [
      '..',
      '../secret/key',
      'deep/../../secret',
      join(root, 'allowed2'),
      'door/key',
      'door',
      'door/new',
      'dangling',
      'door/../secret',
      '~',
      '~/secret',
    ])
      expect([given, within(given)]).toEqual([given, false])
  })

  it('decides nothing for .. behind a symlink, which programs read in two ways', () => {
    expect(paths().resolve('door/../deep', join(root, 'allowed'))).toBe(nowhere)
    expect(paths().resolve('deep/../deep', join(root, 'allowed'))).toBe(join(root, 'allowed/deep'))
  })

  it('decides nothing for loops, NUL, devices, processes and a relative path without a folder', () => {
    const base = join(root, 'allowed')
    expect(paths().resolve('loop-a/x', base)).toBe(nowhere)
    expect(paths().resolve('a\0b', base)).toBe(nowhere)
    expect(paths().resolve('/dev/sda', base)).toBe(nowhere)
    expect(paths().resolve('/proc/self/environ', base)).toBe(nowhere)
    expect(paths().resolve('notes.md', undefined)).toBe(nowhere)
    expect(paths().allowedBy(nowhere, [{ path: '/', access: 'write' }])).toBeUndefined()
  })

  it('reads file URLs, escaped or not, and refuses those of another host', () => {
    expect(within(`file://${root}/allowed/a%20b`)).toBe(true)
    expect(within(`file://${root}/allowed/%2e%2e/secret/key`)).toBe(false)
    expect(within('file://other-host/allowed/x')).toBe(false)
    expect(within('file:///%zz')).toBe(false)
  })

  it('tells names apart by case and by Unicode form', () => {
    expect(paths().contains('/a/Ä', '/a/ä/x')).toBe(false)
    expect(paths().contains('/a/\u00e9', '/a/e\u0301/x')).toBe(false)
  })

  it('lets no spelling of segments out of the folder', () => {
    const segment = fc.constantFrom(
      '..',
      '.',
      'deep',
      'door',
      'dangling',
      'loop-a',
      'x',
      '',
      '~',
      '...',
      'secret',
      'key',
    )
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), fc.boolean(), (segments, absolute) => {
        const given = (absolute ? `${root}/` : '') + segments.join('/')
        const real = paths().resolve(given, join(root, 'allowed'))
        expect(real.startsWith(`${root}/secret`) && within(given)).toBe(false)
      }),
    )
  })

  it('prefers the most specific folder, and of two equal ones the one that may only be read', () => {
    const folders = [
      { path: '/a', access: 'write' as const },
      { path: '/a/b', access: 'read' as const },
      { path: '/a/b', access: 'write' as const },
    ]
    expect(paths().allowedBy('/a/b/c', folders)).toEqual({ path: '/a/b', access: 'read' })
    expect(paths().allowedBy('/a/c', folders)).toEqual({ path: '/a', access: 'write' })
    expect(paths().allowedBy('/x', [{ path: '/', access: 'read' }])).toEqual({ path: '/', access: 'read' })
  })

  it('makes a rule’s folder real, and refuses one that is missing or relative', () => {
    expect(paths().real(join(root, 'allowed/door'))).toBe(join(root, 'secret'))
    expect(() => paths().real('relative')).toThrow()
    expect(() => paths().real(join(root, 'missing'))).toThrow()
  })
})

describe('on Windows', () => {
  const platform: PathPlatform = {
    windows: true,
    ignoresCase: true,
    composesUnicode: false,
    home: 'C:\\Users\\Ada',
    realpath: (path) => path,
    readlink: () => undefined,
  }
  const paths = new Paths(platform)
  const within = (given: string) =>
    paths.allowedBy(paths.resolve(given, 'C:\\Users\\Ada\\Notes'), [
      { path: 'C:\\Users\\Ada\\Notes', access: 'write' },
    ]) !== undefined

  it('ignores case and takes both slashes', () => {
    for (const given of [
      'c:\\users\\ADA\\notes\\a.md',
      'C:/Users/Ada/Notes/a.md',
      'a.md',
      '~\\Notes\\a.md',
      'file:///C:/Users/Ada/Notes/a.md',
    ])
      expect([given, within(given)]).toEqual([given, true])
  })

  it('refuses network and device paths, streams, reserved names and names with trailing dots', () => {
    for (const given of [
      '\\\\server\\share\\a',
      '\\\\?\\C:\\Users\\Ada\\Notes\\a',
      '\\\\.\\PhysicalDrive0',
      'NUL',
      'con.txt',
      'COM1',
      'lpt9.log',
      'a.md:stream',
      'a.',
      'b ',
      '..\\secret',
      'D:a',
      '\\Windows',
    ])
      expect([given, within(given)]).toEqual([given, false])
  })
})

it('ignores case and Unicode form on macOS', () => {
  const paths = new Paths({ ...thisPlatform('/Users/ada'), windows: false, ignoresCase: true, composesUnicode: true })
  expect(paths.contains('/Users/ada/R\u00e9sum\u00e9', '/users/ada/re\u0301sume\u0301/x')).toBe(true)
})
