import { describe, expect, it } from 'vitest'
import { debuggingSwitches } from '../../main/shells/debug-switches.ts'

describe('debugging switches', () => {
  it.each([
    [['--inspect'], {}, ['--inspect']],
    [['--inspect-brk=0'], {}, ['--inspect-brk']],
    [['--remote-debugging-port=9222'], {}, ['--remote-debugging-port']],
    [[], { NODE_OPTIONS: '--max-old-space-size=99 --inspect=0' }, ['NODE_OPTIONS']],
    [[], { NODE_OPTIONS: '-r ./mine.cjs' }, ['NODE_OPTIONS']],
    [[], { NODE_OPTIONS: '--import=./mine.mjs' }, ['NODE_OPTIONS']],
    [[], { NODE_OPTIONS: '--max-old-space-size=99' }, []],
    [['--shell', 'browser', '--home', '/data/--inspect'], {}, []],
  ])('%j with %j are %j', (argv, env, found) => {
    expect(debuggingSwitches(argv, env)).toEqual(found)
  })
})
