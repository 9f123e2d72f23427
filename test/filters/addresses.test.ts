import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAddresses, inText, nextAddress } from '../../main/filters/addresses.ts'
import { lastWord } from '../../main/filters/path-like.ts'
import { namedIn } from '../../main/flow/destination.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { hostsOf, unknownPlace } from '../../shared/domain/places.ts'
import { aCall } from '../permissions/a-call.ts'
import { processorTime } from '../support/processor-time.ts'

function urlsIn(text: string, key = ''): string[] {
  const found: string[] = []
  findAddresses(text, key, (url) => found.push(url) < 1_000)
  return found
}
const otherLetters = (count: number) =>
  String.fromCharCode(...Array.from({ length: count }, (_, at) => 0x4e00 + ((at * 7_919) % 20_000)))
const hosts = (text: string, key = '') => hostsOf(urlsIn(text, key))

describe('the addresses a text names', () => {
  it.each([
    ['https://evil.example/x', 'evil.example'],
    ['HTTPS:\\\\EVIL.example\\x', 'evil.example'],
    ['https:evil.example', 'evil.example'],
    ['https:/evil.example', 'evil.example'],
    [' \u0000ht\ntps://ev\til.example ', 'evil.example'],
    ['//evil.example/x', 'evil.example'],
    ['\\\\evil.example\\share', 'evil.example'],
    ['https://good.example@evil.example/', 'evil.example'],
    ['https://good.example:pw"x@evil.example/', 'evil.example'],
    ['see _https://evil.example_, please', 'evil.example'],
    ['[a page](https://evil.example)more', 'evil.example'],
    ['<https://evil.example>', 'evil.example'],
    ['"https://evil.example."', 'evil.example'],
    ['https://evil.example./x', 'evil.example'],
    ['https://evil.example..', 'evil.example'],
    ['https://evil。example/', 'evil.example'],
    ['https://ｅvil.example/', 'evil.example'],
    ['https://%65vil.example/', 'evil.example'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://[::ffff:7f00:1]:8080/x', '[::ffff:7f00:1]'],
    ['(http://[2001:db8::1])', '[2001:db8::1]'],
    ['{"a":{"b":"https:\\/\\/evil.example\\/x"}}', 'evil.example'],
    ['{"a":"{\\"b\\":\\"\\\\u0068ttps://evil.example\\"}"}', 'evil.example'],
    ['{"a":"{\\"host\\":\\"evil.example\\"}"}', 'evil.example'],
    ['x = \\u0068ttps:\\u002f\\u002fevil.example', 'evil.example'],
    ['git@evil.example:org/project.git', 'evil.example'],
    ['git clone git@evil.example:org/project', 'evil.example'],
    ['evil.example:org/project.git', 'evil.example'],
    ['scp x root@[2001:db8::1]:/tmp', '[2001:db8::1]'],
    ['git+ssh://git@EVIL.example/x', 'evil.example'],
    ['ssh://evil.example:2222', 'evil.example'],
    ['postgres://me:pw@evil.example./db', 'evil.example'],
    ['file://evil.example/share', 'evil.example'],
  ])('in %j: %s', (text, host) => {
    expect(hosts(text)).toContain(host)
  })

  it.each([
    ['evil.example', 'host', 'evil.example'],
    ['EVIL.example:25', 'smtpServer', 'evil.example'],
    ['evil.example/path', 'webhook_url', 'evil.example'],
    ['10.0.0.7', 'ip', '10.0.0.7'],
    ['[2001:db8::1]:25', 'remote', '[2001:db8::1]'],
    ['localhost', 'hostname', 'localhost'],
  ])('%j under %s: %s', (text, key, host) => {
    expect(hosts(text, key)).toEqual([host])
  })

  it.each([
    ['a note: http: is a scheme', ''],
    ['12:30', 'host'],
    ['// a comment', ''],
    ['notes.md:12', ''],
    ['file:///home/ada/notes.md', ''],
    ['evil.example', 'note'],
    ['a sentence about hosts', 'host'],
    ['memo://insights', ''],
    ['C:\\Users\\ada', ''],
  ])('none in %j', (text, key) => {
    expect(hosts(text, key)).toEqual([])
  })
})

describe('several hosts in one text', () => {
  it.each([
    ['mongodb://good.example:27017,evil.example:27017/db', ''],
    ['mongodb://me:pw@good.example,evil.example/db', ''],
    ['redis://good.example, evil.example', ''],
    ['kafka://good.example;evil.example:9092', ''],
    ['https://good.example,https://evil.example', ''],
    ['[a](https://good.example)[b](https://evil.example)', ''],
    ['good.example:9092,evil.example:9092', 'servers'],
    ['good.example evil.example', 'hosts'],
    ['good.example; root@evil.example', 'host'],
    ['tcp://good.example,evil.example', 'endpoint'],
  ])('%j under %j', (text, key) => {
    expect(hosts(text, key).toSorted()).toEqual(['evil.example', 'good.example'])
  })

  it.each([
    ['root@evil.example', 'host', 'evil.example'],
    ['good.example,b:9092', 'servers', 'b'],
    ['2001:db8::1', 'ip', '[2001:db8::1]'],
    ['https://good.example)x.evil.example/', '', 'good.example)x.evil.example'],
    [`ht\ntps://evil.example/${'x'.repeat(9_000)}`, '', 'evil.example'],
    ['http://evil.example:PORT/', '', 'evil.example'],
  ])('%j under %j: %s among them', (text, key, host) => {
    expect(hosts(text, key)).toContain(host)
    expect(hosts(text, key)).not.toContain(unknownPlace)
  })

  it('an address within the path of another is none', () => {
    expect(hosts('https://good.example/?to=https://other.example/')).toEqual(['good.example'])
    expect(hosts('see https://good.example, and more')).toEqual(['good.example'])
  })
})

describe('what cannot be read counts as a place nobody knows', () => {
  it.each([
    ['https://%HOST%/x', ''],
    ['mongodb://good.example,[evil/db', ''],
    ['evil.example:x:y', 'host'],
    [`https://${otherLetters(300)}.example/`, ''],
    [`https://ev${'\u00ad'.repeat(1_000)}il.example/`, ''],
    [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, ''],
    [`[${'['.repeat(20_000)}${']'.repeat(20_000)},{"host":"evil.example"}]`, ''],
    [Array.from({ length: 6 }).reduce<string>((text) => JSON.stringify({ a: text }), '{"host":"evil"}'), ''],
    [Array.from({ length: 1_001 }, (_, at) => `ftp://${at}.example`).join(' '), ''],
  ])('%#', (text, key) => {
    const found: string[] = []
    findAddresses(text, key, (url) => found.push(url) > 0)
    expect(hostsOf(found)).toContain(unknownPlace)
  })

  it.each([
    ['https://…', ''],
    ['https://, http://...', ''],
    ['git: not found, as it seems', ''],
    ['file:///home/ada/a,b.md', ''],
    ['a sentence, of no host; v1.2.x', 'site'],
    ['http://localhost:{PORT}/', ''],
  ])('but not %j', (text, key) => {
    expect(hosts(text, key)).not.toContain(unknownPlace)
  })
})

describe('whatever text is looked through', () => {
  const name = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((ip) => `[${ip}]`),
    fc.constantFrom('bücher.example', 'EVIL.example', 'evil.example.', 'xn--bcher-kva.example', '例え.テスト', '127.1'),
  )
  const user = fc.oneof(fc.constant(''), fc.constantFrom('me@', 'good.example@', 'me:p%40w@', "a'b@", 'git:x@'))
  const start = fc.constantFrom('https://', 'http:\\\\', 'HTTP:/', 'wss://', 'ftp:///', 'https:\\/\\/', 'ws:\t//')
  const rest = fc.oneof(fc.constant(''), fc.constantFrom('/', '/a?b=c#d', ':8443/x', '\\x', '?q', '#f', '/a b'))
  const address = fc.tuple(start, user, name, rest).map((parts) => parts.join(''))
  const reached = (text: string) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    const isWeb = url !== undefined && /^(?:https?|wss?|ftp):$/.test(url.protocol)
    return isWeb && url.hostname !== '' ? [url.hostname.replace(/\.+$/, '')] : []
  }

  it('no host is missed that a URL parser reaches by it', () => {
    fc.assert(
      fc.property(address, (text) => {
        for (const host of reached(text)) expect(hosts(text)).toContain(host)
      }),
      { numRuns: 3_000 },
    )
    const noise = fc.string({ unit: fc.constantFrom(...'htps:/\\@.[]ab1%é。\t\n '), maxLength: 24 })
    fc.assert(
      fc.property(noise, (tail) => {
        for (const host of reached(`https:${tail}`).filter((one) => /^[a-z0-9_.[\]:-]+$/.test(one)))
          expect(hosts(`https:${tail}`)).toContain(host)
      }),
      { numRuns: 3_000 },
    )
  })

  it('none is missed in a sentence, in nested JSON, and as a name of an argument', () => {
    const plain = address.filter((text) => !/[\s'\\]/.test(text))
    fc.assert(
      fc.property(
        plain,
        fc.constantFrom('', 'see ', '(', '"', '<', 'x'),
        fc.integer({ min: 0, max: 3 }),
        (url, before, depth) => {
          let text = `${before}${url} and more`
          for (let level = 0; level < depth; level++) text = JSON.stringify({ note: text })
          for (const host of reached(url)) expect(hosts(text)).toContain(host)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('it takes time in proportion to the text', () => {
    const units = [
      'https:',
      'https://',
      'a@',
      'a@b:',
      'git@a.b:',
      '\\',
      '\\u0068',
      '"',
      '[',
      '{"a":',
      'https://a@',
      '//',
      'a.',
      'host:',
      '[::',
      '\\\\"',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units), { minLength: 1, maxLength: 4 }), (parts) => {
        const unit = parts.join('')
        const cost = (length: number) => {
          const text = unit.repeat(Math.ceil(length / unit.length))
          const before = process.cpuUsage()
          urlsIn(text, 'host')
          const { user: own, system } = process.cpuUsage(before)
          return (own + system) / 1000
        }
        expect(Math.min(cost(100_000), cost(100_000), cost(100_000))).toBeLessThan(250)
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['signs within an address', `https://a${'_'.repeat(100_000)}b`, ''],
    ['signs within each', `https://a${'_'.repeat(500)}b `.repeat(200), ''],
    ['blanks within', `x${' '.repeat(8_190)}x`, 'host'],
    ['blanks within a list', `redis://x${' ,'.repeat(4_000)}x`, ''],
    ['slashes after a host', `a.b:${'/x'.repeat(4_090)} x`, ''],
    ['a host that ends in a blank', `//${'a'.repeat(8_180)} x`, ''],
    ['a host without an end', `https://${otherLetters(20_000)}`, 'host'],
    ['mailboxes that are none', `${'a'.repeat(64)}@${'b'.repeat(252)} `.repeat(300), ''],
    ['the same again and again', 'https://good.example/a,b '.repeat(4_000), 'url'],
    ['ever other ones', Array.from({ length: 8_000 }, (_, at) => `ws://${at}.io`).join(), 'url'],
  ])('in a moment: %s', (_, text, key) => {
    const cost = () => {
      const took = processorTime()
      findAddresses(text, key, () => true)
      return took()
    }
    expect(Math.min(cost(), cost(), cost())).toBeLessThan(Math.max(8, (0.3 * text.length) / 1_000))
  })

  it('names mailboxes of any script, in names of arguments too', () => {
    const named = (args: JsonObject) => namedIn(aCall({ arguments: args }))
    expect(named({ to: 'Eve <eve@bücher.example>' })).toEqual(['eve@bücher.example'])
    expect(named({ 'eve@evil.example': 1, b: ['x@[10.0.0.1]', 'Ж@почта.рф'] })).toEqual([
      'eve@evil.example',
      'x@[10.0.0.1]',
      'ж@почта.рф',
    ])
  })
})

it('finds by the signs after a scheme just what the pattern alone would find', () => {
  const piece = fc.constantFrom(
    ...['https', 'http', 'git+ssh', 'ssh', 'xhttps', 'mongodb+srv', 's3', 'socks5h', 'HTTP', 'file', 'gopher'],
    ...[':/', '://', ':\\\\', ':', '/', '\\', ',', ' ', '"', '>', ';', '+', 'a.example', 'é', ':80', '?q=', '@', '\n'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (parts) => {
      const text = parts.join('')
      const found: string[] = []
      for (let next = nextAddress(text, 0); next !== undefined; next = nextAddress(text, next.end))
        found.push(next.text)
      expect(found).toEqual([...text.matchAll(new RegExp(inText.source, 'gi'))].map(([all]) => all))
    }),
    { numRuns: 2_000 },
  )
})

it('takes the last word of a key as dividing it at capitals and signs would give it', () => {
  const words = (key: string) => key.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).filter((word) => word !== '')
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'abzAZ09_- .é'), maxLength: 70 }), (key) => {
      expect(lastWord(key)).toBe(key.length > 64 ? '' : (words(key).at(-1) ?? '').toLowerCase())
    }),
    { numRuns: 2_000 },
  )
})
