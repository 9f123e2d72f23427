import { describe, expect, it } from 'vitest'
import { splitCommandLine } from '../../renderer/features/servers/command-line.ts'

describe('a command line', () => {
  it('is cut at spaces outside quotes', () => {
    expect(splitCommandLine(`npx  -y "my notes" --title='a "b"' ""`)).toEqual({
      ok: true,
      command: 'npx',
      args: ['-y', 'my notes', '--title=a "b"', ''],
    })
  })
  it('keeps Windows paths and expands nothing', () => {
    expect(splitCommandLine(String.raw`C:\tools\node.exe $HOME *.js a\ b`)).toEqual({
      ok: true,
      command: String.raw`C:\tools\node.exe`,
      args: ['$HOME', '*.js', 'a b'],
    })
  })
  it('says what is wrong with it', () => {
    expect(splitCommandLine('  ')).toEqual({ ok: false, problem: 'empty' })
    expect(splitCommandLine('npx "oops')).toEqual({ ok: false, problem: 'quote' })
  })
})
