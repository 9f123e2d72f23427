import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serverInFolder } from '../../main/supervisor/server-in-folder.ts'

let folder: string
const write = (text: string, ...parts: string[]) => {
  mkdirSync(dirname(join(folder, ...parts)), { recursive: true })
  writeFileSync(join(folder, ...parts), text)
}
const problem = (text: string) => expect.objectContaining({ params: { problem: expect.stringContaining(text) } })

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-folder-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the server in a folder', () => {
  it('is the program its package.json names, before its main file', () => {
    write('', 'dist', 'index.js')
    write('', 'lib.js')
    write(JSON.stringify({ name: 'notes', main: 'lib.js', bin: { notes: './dist/index.js' } }), 'package.json')
    expect(serverInFolder(folder)).toEqual({ command: 'node', args: [join(folder, 'dist', 'index.js')] })
    write(JSON.stringify({ main: 'lib.js' }), 'package.json')
    expect(serverInFolder(folder)).toEqual({ command: 'node', args: [join(folder, 'lib.js')] })
  })

  it.each([
    ['dist/index', ['dist', 'index.js']],
    ['dist', ['dist', 'index.js']],
    ['./', ['index.js']],
    ['..server.js', ['..server.js']],
  ])('is what Node finds by the name %s', (main, place) => {
    write('', ...place)
    write(JSON.stringify({ main }), 'package.json')
    expect(serverInFolder(folder)).toEqual({ command: 'node', args: [join(folder, ...place)] })
  })

  it.skipIf(process.platform === 'win32')('is refused where a link leads out of the folder', () => {
    write('', 'elsewhere', 'index.js')
    write(JSON.stringify({ main: 'dist' }), 'own', 'package.json')
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'own', 'dist'))
    expect(() => serverInFolder(join(folder, 'own'))).toThrow(problem('not in that folder'))
  })

  it.skipIf(process.platform === 'win32')('is the script its pyproject.toml names, in its own environment', () => {
    write('[project]\nname = "notes"\n[project.scripts]\nnotes = "notes:main"\n', 'pyproject.toml')
    expect(() => serverInFolder(folder)).toThrow(problem('Install and build it first'))
    write('', '.venv', 'bin', 'notes')
    expect(serverInFolder(folder)).toEqual({ command: join(folder, '.venv', 'bin', 'notes'), args: [] })
  })

  it('is refused with what to do when it names nothing, what is not there, or what lies outside', () => {
    expect(() => serverInFolder(folder)).toThrow(problem('Write the command instead'))
    write(JSON.stringify({ bin: 'dist/index.js' }), 'package.json')
    expect(() => serverInFolder(folder)).toThrow(problem('“dist/index.js”, which is not there'))
    write(JSON.stringify({ bin: '../other/index.js' }), 'package.json')
    expect(() => serverInFolder(folder)).toThrow(problem('not in that folder'))
    write('{ broken', 'package.json')
    expect(() => serverInFolder(folder)).toThrow(problem('could not be understood'))
  })

  it('is none where no folder is meant: a program, a name, a relative path', () => {
    write('', 'program')
    for (const other of [join(folder, 'program'), 'npx', 'dist', join(folder, 'nowhere')])
      expect(serverInFolder(other)).toBeUndefined()
  })
})
