import { beforeEach, describe, expect, it } from 'vitest'
import { KeyProgramStore } from '../../main/clients/key-program-store.ts'
import { KeyPrograms, type KeyUse } from '../../main/clients/key-programs.ts'
import type { PairQuestion } from '../../main/clients/pairing.ts'
import type { Program } from '../../shared/domain/call.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { someClients } from './some-clients.ts'

const aProgram = (executable: string, name = 'Example'): Program => ({
  pid: 7,
  name: executable,
  executable,
  identity: { kind: 'package', name },
  parents: ['bash'],
})
const editor = aProgram('/opt/editor')
const thief = aProgram('/tmp/thief')

let app: Awaited<ReturnType<typeof someClients>>
let use: KeyUse
let asked: PairQuestion[]
let answer: (question: PairQuestion) => Promise<'allow' | 'deny'>
let news: string[]
let time: number
let tampered: string[]
let sound: boolean
const open = (patienceMs = 1000) =>
  new KeyPrograms({
    isSound: () => sound,
    store: new KeyProgramStore(app.db, app.seal, (id) => tampered.push(id)),
    askPerson: (question) => {
      asked.push(question)
      return answer(question)
    },
    onNewProgram: (_, { executable }, wasAsked) => news.push(`${executable} ${wasAsked}`),
    monotonicMs: () => time,
    patienceMs,
  })
const codeOf = (work: Promise<void>) =>
  work.then(
    () => 'let in',
    (error: unknown) => (error instanceof GatehouseError ? error.code : error),
  )

beforeEach(async () => {
  app = await someClients()
  const { token } = await app.clients.token('Editor')
  const caller = await app.clients.authenticate(token)
  if (!caller) throw new Error('the key opens nothing')
  use = caller
  asked = []
  news = []
  tampered = []
  time = 0
  sound = true
  answer = async () => 'deny'
})

describe('an API key', () => {
  it('is recorded with the first program it comes from, which is let in again without a question, also after a restart', async () => {
    await open().vouch(use, editor)
    const later = open()
    await later.vouch(use, { ...editor, pid: 99 })
    expect(later.of(use.credentialId)).toMatchObject([{ executable: '/opt/editor' }])
    expect([news, asked]).toEqual([['/opt/editor false'], []])
  })

  it('from another program is a question that names both; allowed, the program is let in from then on', async () => {
    const programs = open()
    await programs.vouch(use, editor)
    answer = async () => 'allow'
    await programs.vouch(use, thief)
    expect(asked).toMatchObject([
      { kind: 'pair', apiKey: true, clientName: 'Editor', previous: editor, program: thief },
    ])
    await open().vouch(use, thief)
    await open().vouch(use, editor)
    expect(asked).toHaveLength(1)
    expect(news).toEqual(['/opt/editor false', '/tmp/thief true'])
  })

  it('from the same file of another maker is a question too; a mere update by hash is none', async () => {
    const programs = open()
    await programs.vouch(use, editor)
    expect(await codeOf(programs.vouch(use, aProgram('/opt/editor', 'Other')))).toBe('client.key-elsewhere')
    expect(asked).toHaveLength(1)
  })

  it('refused, the program is refused for two minutes without asking again', async () => {
    const programs = open()
    await programs.vouch(use, editor)
    expect(await codeOf(programs.vouch(use, thief))).toBe('client.key-elsewhere')
    expect(await codeOf(programs.vouch(use, thief))).toBe('client.key-elsewhere')
    expect(asked).toHaveLength(1)
    time += 2 * 60_000
    expect(await codeOf(programs.vouch(use, thief))).toBe('client.key-elsewhere')
    expect(asked).toHaveLength(2)
  })

  it('that waits for the person longer than a client does is answered, and the question stays open for the next try', async () => {
    const programs = open(20)
    await programs.vouch(use, editor)
    let say: (word: 'allow') => void = () => {}
    answer = () =>
      new Promise((resolve) => {
        say = resolve
      })
    expect(await codeOf(programs.vouch(use, thief))).toBe('client.key-elsewhere')
    const again = programs.vouch(use, thief)
    say('allow')
    await again
    expect(asked).toHaveLength(1)
  })

  it('from a program the system does not tell is a question once others are known, and is not recorded', async () => {
    const programs = open()
    await programs.vouch(use, undefined)
    await programs.vouch(use, editor)
    expect(await codeOf(programs.vouch(use, undefined))).toBe('client.key-elsewhere')
    time += 2 * 60_000
    answer = async () => 'allow'
    await programs.vouch(use, undefined)
    await programs.vouch(use, undefined)
    expect(asked).toHaveLength(2)
    expect(programs.of(use.credentialId)).toHaveLength(1)
  })

  it('revoked while the person thinks keeps nothing', async () => {
    const programs = open()
    await programs.vouch(use, editor)
    answer = async () => {
      await app.clients.revoke('Editor')
      return 'allow'
    }
    await programs.vouch(use, thief)
    expect(programs.of(use.credentialId)).toEqual([])
    expect(() => app.clients.known(use.client.id)).toThrow('client.revoked')
  })

  it('keeps no program that was written into the database by someone else', async () => {
    await open().vouch(use, editor)
    app.db.prepare('UPDATE key_program SET executable = ?, program = ?').run(thief.executable, JSON.stringify(thief))
    const programs = open()
    expect(programs.of(use.credentialId)).toEqual([])
    expect(tampered).toEqual([use.credentialId])
  })

  it.each(['DELETE FROM key_program', `UPDATE key_program SET program = 'null'`])(
    'whose record is gone (%s) is a question, not a key nothing has used',
    async (deed) => {
      await open().vouch(use, editor)
      app.db.exec(deed)
      expect(await codeOf(open().vouch(use, thief))).toBe('client.key-elsewhere')
      expect(asked).toMatchObject([{ program: thief }])
      expect(open().of(use.credentialId)).toEqual([])
    },
  )

  it('is meant: a short-lived token, of which no program is recorded, is no question', async () => {
    await open().vouch({ ...use, credentialId: 'device:phone' }, editor)
    expect([asked, open().of('device:phone')]).toEqual([[], []])
  })

  it('is recorded for nobody while the database is not as it was left', async () => {
    sound = false
    expect(await codeOf(open().vouch(use, thief))).toBe('store.tampered')
    expect(open().of(use.credentialId)).toEqual([])
  })
})
