import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { ChannelBook, type KeptChannels } from '../../main/alerts/channel-book.ts'
import { sendEmail } from '../../main/alerts/channels/email.ts'
import { type AlertMessage, emailOf, pagerDutyBody, slackBody } from '../../main/alerts/channels/message.ts'
import { channelAddress, postJson } from '../../main/alerts/channels/post-json.ts'
import { send } from '../../main/alerts/channels/send.ts'
import type { AlertChannel } from '../../shared/domain/alerts.ts'

const never = new AbortController().signal
const message: AlertMessage = {
  alert: 'al_1',
  rule: 'server-down',
  cause: 'notes',
  note: 'opened',
  severity: 'critical',
  title: '“notes” is down.',
  text: 'A server is down.',
  status: 'Critical',
  at: Date.UTC(2030, 0, 1),
}

describe('a message', () => {
  it('has the shape Slack takes, and nothing in a name acts there', () => {
    expect(slackBody(message)).toEqual({
      text: 'Critical: “notes” is down.',
      attachments: [
        {
          color: '#b3261e',
          fallback: 'Critical: “notes” is down.',
          text: 'A server is down.',
          footer: 'Gatehouse',
          ts: 1893456000,
        },
      ],
    })
    expect(slackBody({ ...message, title: '<!channel> & co' }).text).toBe('Critical: &lt;!channel&gt; &amp; co')
  })

  it('has the shape of PagerDuty’s events, and one key from opening to end', () => {
    expect(pagerDutyBody(message, 'k'.repeat(32), 'desk')).toEqual({
      routing_key: 'k'.repeat(32),
      dedup_key: 'gatehouse-al_1',
      event_action: 'trigger',
      client: 'Gatehouse',
      payload: {
        summary: '“notes” is down.',
        source: 'desk',
        severity: 'critical',
        timestamp: '2030-01-01T00:00:00.000Z',
        component: 'server-down',
        group: 'notes',
        custom_details: { rule: 'server-down', cause: 'notes', text: 'A server is down.' },
      },
    })
    expect(pagerDutyBody({ ...message, note: 'resolved' }, 'key', 'desk')).toEqual({
      routing_key: 'key',
      dedup_key: 'gatehouse-al_1',
      event_action: 'resolve',
    })
  })

  it('is one line where it is a subject', () => {
    expect(emailOf({ ...message, title: 'a\r\nBcc: b@example.org' }).subject).toBe(
      '[Gatehouse] Critical: a Bcc: b@example.org',
    )
  })
})

describe('an address', () => {
  it('is https, or this computer', () => {
    for (const good of [
      'https://hooks.slack.com/services/T/B/x',
      'http://127.0.0.1:9/x',
      'http://[::1]:9/',
      'http://localhost/',
    ])
      expect(channelAddress(good).href).toContain('http')
    for (const bad of [
      'http://hooks.slack.com/x',
      'http://192.168.1.4/',
      'http://127.0.0.1.example.org/',
      'http://localhost.example.org/',
      'ftp://example.org/',
      'https://user:pass@example.org/',
      'javascript:alert(1)',
      'nothing',
    ])
      expect(() => channelAddress(bad), bad).toThrow('input.invalid')
  })
})

describe('a channel', () => {
  let end: (() => void) | undefined
  afterEach(() => end?.())

  async function receiver(
    status: number,
    headers: Record<string, string> = {},
  ): Promise<{ url: string; got: string[] }> {
    const got: string[] = []
    const server: Server = createServer(async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      got.push(`${request.method} ${request.url} ${body}`)
      response.writeHead(status, headers).end('an answer nobody reads')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    end = () => server.close()
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got }
  }

  it('is posted to, and says why it was not told without its address', async () => {
    const well = await receiver(200)
    await postJson(`${well.url}/hidden-token`, { a: 1 }, never)
    expect(well.got).toEqual(['POST /hidden-token {"a":1}'])
    end?.()
    const closed = postJson(`${well.url}/hidden-token`, {}, never)
    await expect(closed).rejects.toThrow(/^127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\)\.$/)
    const broken = await receiver(503)
    await expect(postJson(`${broken.url}/hidden-token`, {}, never)).rejects.toThrow(
      /^127\.0\.0\.1:\d+ answered with 503\.$/,
    )
  })

  it('goes to the host it was given for, whatever address is kept of it', async () => {
    const { url, got } = await receiver(200)
    const parts = { secretOf: () => `${url}/hidden-token`, show: () => {}, source: 'desk' }
    const team = { name: 'team', kind: 'webhook', enabled: true } as const
    const elsewhere = send({ ...team, host: 'hooks.example' }, message, parts, never)
    await expect(elsewhere).rejects.toThrow('Its address does not lead to hooks.example. Set it again.')
    expect(got).toEqual([])
    await send({ ...team, host: new URL(url).host }, message, parts, never)
    expect(got).toHaveLength(1)
  })

  it('follows no redirect', async () => {
    const elsewhere = await receiver(302, { location: 'http://127.0.0.1:1/elsewhere' })
    await expect(postJson(elsewhere.url, {}, never)).rejects.toThrow('redirect (302), which is not followed')
  })

  it('gets an e-mail from a mail server on this computer, signed in, and learns nothing of a wrong password', async () => {
    const mails: string[] = []
    const server = new SMTPServer({
      authOptional: false,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === 'me' && password === 'a good password'
          ? done(null, { user: 'me' })
          : done(new Error('echo: wrong')),
      onData: (stream, { envelope }, done) => {
        let text = ''
        stream.on('data', (piece: Buffer) => {
          text += piece
        })
        stream.on('end', () => {
          mails.push(`${envelope.rcptTo.map(({ address }) => address).join(' ')}\n${text}`)
          done()
        })
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    end = () => server.close(() => {})
    const port = (server.server.address() as AddressInfo).port
    const mail = {
      name: 'mail',
      enabled: true,
      kind: 'email',
      host: '127.0.0.1',
      port,
      user: 'me',
      from: 'gatehouse@example.org',
      to: ['me@example.org', 'you@example.org'],
    } as const
    await sendEmail(mail, 'a good password', message, never)
    expect(mails).toHaveLength(1)
    expect(mails[0]).toContain('me@example.org you@example.org')
    expect(mails[0]).toContain('A server is down.')
    const refused = sendEmail(mail, 'a wrong password', message, never)
    await expect(refused).rejects.toThrow('127.0.0.1 did not accept user and password.')
    await expect(sendEmail(mail, undefined, message, never)).rejects.toThrow('not in the keychain')
  })
})

describe('channels', () => {
  function aBook() {
    const kept = new Map<string, AlertChannel>()
    const secrets = new Map<string, string>()
    const store: KeptChannels = {
      channels: () => [...kept.values()],
      setChannel: (channel) => void kept.set(channel.name, channel),
      dropChannel: (name) => kept.delete(name),
    }
    const book = new ChannelBook(store, {
      get: (name) => secrets.get(name),
      set: async (name, value) => void secrets.set(name, value),
      remove: async (name) => void secrets.delete(name),
    })
    return { book, kept, secrets }
  }

  it('keep the address of a webhook as a secret, and show its host', async () => {
    const { book, kept, secrets } = aBook()
    await book.set({ name: 'team', kind: 'webhook', enabled: true }, 'https://hooks.slack.com/services/T/B/token')
    expect([...kept.values()]).toEqual([{ name: 'team', kind: 'webhook', enabled: true, host: 'hooks.slack.com' }])
    expect(secrets.get('team')).toContain('token')
    await book.set({ name: 'team', kind: 'webhook', enabled: false }, undefined)
    expect(secrets.size).toBe(1)
    await book.remove('team')
    expect([kept.size, secrets.size]).toEqual([0, 0])
  })

  it('show a kept secret to no other address than the one it was given for', async () => {
    const { book, secrets } = aBook()
    const pager = { name: 'pager', kind: 'pagerduty', enabled: true } as const
    await book.set({ ...pager, url: 'https://events.pagerduty.com/v2/enqueue' }, 'a routing key')
    const moved = book.set({ ...pager, url: 'https://elsewhere.example/' }, undefined)
    await expect(moved).rejects.toMatchObject({ params: { problem: expect.stringContaining('given again') } })
    expect(secrets.get('pager')).toBe('a routing key')
  })

  it('always have the desktop, which can be switched off and not removed', async () => {
    const { book } = aBook()
    expect(book.all()).toEqual([{ name: 'desktop', kind: 'desktop', enabled: true }])
    await book.set({ name: 'desktop', kind: 'desktop', enabled: false }, undefined)
    expect(book.all()).toEqual([{ name: 'desktop', kind: 'desktop', enabled: false }])
    await expect(book.remove('desktop')).rejects.toThrow('input.invalid')
    await expect(book.set({ name: 'second', kind: 'desktop', enabled: true }, undefined)).rejects.toThrow(
      'input.invalid',
    )
  })
})
