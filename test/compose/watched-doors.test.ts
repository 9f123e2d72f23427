import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchedPrograms } from '../../main/compose/watched-doors.ts'
import { keyElsewhere, storeTampered } from '../../shared/errors.ts'
import { newNonce } from '../../shared/wire/proof.ts'
import { type AnApp, anApp } from './an-app.ts'

let app: AnApp
beforeEach(async () => {
  app = await anApp()
})
afterEach(async () => {
  await app.doors.socket.close()
  await app.end()
})

const refusals = () =>
  app.base.audit
    .list({ limit: 100 })
    .entries.filter(({ action }) => action.endsWith('.refused'))
    .map(({ action, summary, code }) => [action, summary, code])

/** A bridge that says what it is told to; its answers, line by line. */
async function aBridge(hello: object) {
  const socket = connect(app.base.paths.socket)
  await once(socket, 'connect')
  const lines = createInterface(socket)[Symbol.asyncIterator]()
  const nonce = newNonce()
  const send = (line: object) => socket.write(`${JSON.stringify(line)}\n`)
  send({ gatehouse: 'bridge' })
  send({ v: 1, client: 'Editor', pid: process.pid, nonce, ...hello })
  const answer = async () => JSON.parse((await lines.next()).value ?? '{}')
  return { send, answer, end: () => socket.destroy() }
}

describe('what is refused at a door is on record', () => {
  it('a wrong operator passphrase, never what was given', async () => {
    const { operator, audit } = app.base
    await operator.set(undefined, 'correct horse')
    await operator.verify('battery staple', 'cli')
    await operator.verify('battery staples', 'cli')
    await operator.verify('correct horse', 'cli')
    expect(refusals()).toEqual([
      ['operator.refused', 'Someone gave a wrong operator passphrase (cli)', 'operator.wrong'],
    ])
    expect((await audit.exportPiece('jsonl')).text).not.toContain('battery')
  })

  it('an API key that is not let in, with what it was refused for', async () => {
    const noted: string[] = []
    for (const error of [keyElsewhere('Robot', '/usr/bin/node'), storeTampered()]) {
      const vouch = watchedPrograms(() => Promise.reject(error), { note: ({ what }) => noted.push(what) })
      await expect(vouch({} as never, {} as never)).rejects.toBe(error)
    }
    expect(noted).toEqual([
      'was not let in with an API key from another program (/usr/bin/node)',
      'was not let in with an API key',
    ])
  })

  it('an API key that is unknown, and one of a client that was revoked', async () => {
    const http = fastify()
    app.doors.registerMcp(http)
    const { token } = await app.areas.clients.token('Robot')
    await app.areas.clients.revoke('Robot')
    for (const key of ['gh_nobody_0123456789', token]) {
      const headers = { authorization: `Bearer ${key}`, host: '127.0.0.1' }
      expect((await http.inject({ method: 'POST', url: '/mcp', headers, payload: {} })).statusCode).toBe(401)
    }
    await http.close()
    expect(refusals()).toEqual([
      ['key.refused', 'Someone used an API key or token that is unknown, revoked or expired', undefined],
    ])
    const { text: log } = await app.base.audit.exportPiece('jsonl')
    expect(log).not.toContain('gh_nobody')
    expect(log).not.toContain(token)
  })

  it('a bridge whose proof is wrong', async () => {
    await app.doors.socket.listen(app.base.paths.socket)
    const { id } = await app.areas.clients.pairByPerson('Editor')
    const bridge = await aBridge({ clientId: id })
    expect(await bridge.answer()).toHaveProperty('proof')
    bridge.send({ proof: newNonce() })
    expect(await bridge.answer()).toHaveProperty('refused')
    bridge.end()
    expect(refusals()).toEqual([['bridge.refused', 'Editor could not prove who it is', 'bridge-unproven']])
  })

  it('a bridge the person said no to, also when it comes again and nobody is asked', async () => {
    await app.doors.socket.listen(app.base.paths.socket)
    const asked = new Promise<void>((resolve) => app.base.events.on('approvals.asked', () => resolve()))
    const bridge = await aBridge({})
    expect(await bridge.answer()).toMatchObject({ pairing: true })
    await asked
    const [question] = app.areas.approvals.pending()
    await app.areas.approvals.decide(
      { id: question?.id as never, decision: 'deny', scope: 'once', count: 1 },
      'the window',
    )
    expect(await bridge.answer()).toMatchObject({ refused: { code: 'client.unpaired' } })
    bridge.end()
    const again = await aBridge({})
    await again.answer()
    expect(await again.answer()).toMatchObject({ refused: { code: 'client.unpaired' } })
    again.end()
    expect(refusals()).toEqual([['bridge.refused', 'Editor was refused', 'client.unpaired']])
    app.base.refusals.stop()
    expect(refusals()).toHaveLength(2)
  })
})
