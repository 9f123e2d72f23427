import { describe, expect, it } from 'vitest'
import { confinedEnvironment, plainEnvironment } from '../../main/sandbox/environment.ts'
import { secretsNamedIn } from '../../shared/domain/secret-reference.ts'
import { aServer } from '../permissions/a-call.ts'

const url = (name: string) => `postgres://me:$\{secret:${name}}@db/notes`
const own = { home: '/h', temp: '/t', executable: '/usr/bin/node', user: {} }

describe('a reference to a secret in an environment value', () => {
  it('becomes the value when the server starts, at every level', () => {
    const server = aServer({ env: { URL: url('PASSWORD') }, secretNames: ['PASSWORD'] })
    const secrets = { PASSWORD: 'a$&b' }
    for (const env of [confinedEnvironment(server, secrets, own), plainEnvironment(server, secrets, {})])
      expect(env.URL).toBe('postgres://me:a$&b@db/notes')
    expect(server.env.URL).toBe(url('PASSWORD'))
  })

  it('is not looked for in the value it became', () => {
    const server = aServer({ env: { URL: url('A') }, secretNames: ['A', 'B'] })
    expect(plainEnvironment(server, { A: `$\{secret:B}`, B: 'hush' }, {}).URL).toBe(
      `postgres://me:$\{secret:B}@db/notes`,
    )
  })

  it.each(['OTHER', 'constructor', ''])('to %j, which the server does not have, starts nothing', (name) => {
    const server = aServer({ env: { URL: url(name) } })
    expect(() => plainEnvironment(server, {}, {})).toThrow('secrets.missing')
  })

  it('is found by its name', () => {
    expect(secretsNamedIn(`${url('A')}${url('B')}${url('A')}`)).toEqual(['A', 'B'])
  })
})
