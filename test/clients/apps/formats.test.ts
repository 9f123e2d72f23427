import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  entriesIn,
  type Format,
  formats,
  type ServerPlace,
  withEntry,
  withoutEntry,
} from '../../../main/clients/apps/config-format.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'

const { json, toml, yaml } = formats
const map = (key: string): ServerPlace => ({ key, as: 'map' })
const list = (key: string): ServerPlace => ({ key, as: 'list' })
const entry: JsonObject = { command: '/data/bin/gatehouse-bridge', args: ['--client', 'it'] }

describe('JSON with comments', () => {
  it('takes an entry after the last one, with its comment left where it was', () => {
    const before = '{\n\t// mine\n\t"mcpServers": {\n\t\t"a": { "command": "x" } // keep\n\t},\n\t"z": 1,\n}\n'
    expect(withEntry(json, before, map('mcpServers'), 'gatehouse', entry)).toBe(
      '{\n\t// mine\n\t"mcpServers": {\n\t\t"a": { "command": "x" }, // keep\n\t\t"gatehouse": {\n\t\t\t"command": "/data/bin/gatehouse-bridge",\n\t\t\t"args": [\n\t\t\t\t"--client",\n\t\t\t\t"it"\n\t\t\t]\n\t\t}\n\t},\n\t"z": 1,\n}\n',
    )
  })

  it('keeps Windows line endings, a trailing comma and a file on one line', () => {
    const windows = '{\r\n  "mcpServers": {\r\n    "a": {},\r\n  },\r\n}\r\n'
    const written = withEntry(json, windows, map('mcpServers'), 'g', entry)
    expect(written.replaceAll('\r\n', '')).not.toContain('\n')
    expect(written).toContain('"a": {},\r\n    "g": {\r\n')
    expect(withEntry(json, '{"mcpServers":{"a":{}}}', map('mcpServers'), 'g', { command: 'c' })).toBe(
      '{"mcpServers":{"a":{}, "g": {"command":"c"}}}',
    )
  })

  it('makes the table, and the file, where there is none', () => {
    for (const empty of [
      '',
      '  \n',
      '{}',
      '{\n}\n',
      '{ // nothing yet\n}',
      '{"mcpServers": {}}',
      '{"mcpServers": null}',
    ])
      if (empty.includes('null')) expect(() => withEntry(json, empty, map('mcpServers'), 'g', entry)).toThrow()
      else
        expect(entriesIn(json, withEntry(json, empty, map('mcpServers'), 'g', entry), map('mcpServers'))).toEqual(
          new Map([['g', entry]]),
        )
  })

  it.each([
    '[]',
    '"text"',
    '{"mcpServers": []}',
    '{"mcpServers": {}',
    '{"a": 1} x',
    '{"mcpServers": {"g": 1, "g": 2}, }}',
    'null',
  ])('refuses %s', (text) => {
    expect(() => withEntry(json, text, map('mcpServers'), 'g', entry)).toThrow()
  })
})

describe('TOML', () => {
  const config =
    '# mine\nmodel = "o" # keep\n\n[mcp_servers.a] # first\ncommand = "npx"\nargs = [\n  "-y", # yes\n]\n\n[mcp_servers.a.env]\nKEY = "v"\n\n[tui]\ntheme = "x"'

  it('takes an entry at the end, and gives it back', () => {
    const written = withEntry(toml, config, map('mcp_servers'), 'gatehouse', entry)
    expect(written).toBe(
      `${config}\n\n[mcp_servers.gatehouse]\ncommand = "/data/bin/gatehouse-bridge"\nargs = ["--client", "it"]\n`,
    )
    expect(withoutEntry(toml, written, map('mcp_servers'), 'gatehouse')).toBe(`${config}\n`)
  })

  it('drops an entry with its sub-tables and nothing else', () => {
    expect(withoutEntry(toml, config, map('mcp_servers'), 'a')).toBe('# mine\nmodel = "o" # keep\n\n[tui]\ntheme = "x"')
  })

  it('writes into a table on one line', () => {
    const inline = 'mcp_servers = { a = { command = "x" } }\nb = 1\n'
    const written = withEntry(toml, inline, map('mcp_servers'), 'g', { command: 'c' })
    expect(written).toBe('mcp_servers = { a = { command = "x" }, g = { command = "c" } }\nb = 1\n')
    expect(withoutEntry(toml, written, map('mcp_servers'), 'g')).toBe(inline)
    expect(withoutEntry(toml, withoutEntry(toml, inline, map('mcp_servers'), 'a'), map('mcp_servers'), 'b')).toBe(
      'mcp_servers = {}\nb = 1\n'.replace('{}', '{ }'),
    )
  })

  it.each(['a = ', '[mcp_servers\n', 'mcp_servers = 1', 'a = 1\na = 2', 'mcp_servers.g.command = "x"\n'])(
    'refuses %s',
    (text) => {
      expect(() => withEntry(toml, text, map('mcp_servers'), 'g', entry)).toThrow()
    },
  )
})

describe('YAML', () => {
  const goose =
    '# mine\nGOOSE_MODEL: x # keep\nextensions:\n  developer:\n    enabled: true\n    type: builtin\n  # about memory\n  memory: {enabled: false}  # off\n\nother:\n- 1\n'

  it('takes an entry after the last one, and gives it back', () => {
    const written = withEntry(yaml, goose, map('extensions'), 'gatehouse', entry)
    expect(written).toBe(
      goose.replace(
        '# off\n',
        '# off\n  gatehouse:\n    command: "/data/bin/gatehouse-bridge"\n    args: ["--client","it"]\n',
      ),
    )
    expect(withoutEntry(yaml, written, map('extensions'), 'gatehouse')).toBe(goose)
  })

  it('takes an item of a list, and gives it back', () => {
    const continued =
      'name: Mine\nmcpServers:\n  - name: a\n    command: npx\n    args:\n      - "-y" # yes\nmodels: []\n'
    const named = { name: 'gatehouse', ...entry }
    const written = withEntry(yaml, continued, list('mcpServers'), 'gatehouse', named)
    expect(written).toContain('# yes\n  - name: "gatehouse"\n    command: "/data/bin/gatehouse-bridge"\n')
    expect(withoutEntry(yaml, written, list('mcpServers'), 'gatehouse')).toBe(continued)
  })

  it('writes into tables and lists on one line, under an empty key, and into an empty file', () => {
    const place = map('extensions')
    expect(withEntry(yaml, 'extensions: {}\na: 1\n', place, 'g', { cmd: 'c' })).toBe(
      'extensions: {"g": {"cmd":"c"}}\na: 1\n',
    )
    expect(withEntry(yaml, 'extensions: {a: {x: 1}} # c\n', place, 'g', { cmd: 'c' })).toBe(
      'extensions: {a: {x: 1}, "g": {"cmd":"c"}} # c\n',
    )
    expect(withEntry(yaml, 'extensions: # none\na: 1\n', place, 'g', { cmd: 'c' })).toBe(
      'extensions: # none\n  g:\n    cmd: "c"\na: 1\n',
    )
    for (const empty of ['', '# only a comment\n', 'a: 1'])
      expect(entriesIn(yaml, withEntry(yaml, empty, place, 'g', entry), place)).toEqual(new Map([['g', entry]]))
    expect(withEntry(yaml, 'mcpServers: [{name: a}]\n', list('mcpServers'), 'g', { name: 'g' })).toBe(
      'mcpServers: [{name: a}, {"name":"g"}]\n',
    )
  })

  it.each(['a: [', 'a: 1\na: 2\n', '- 1\n', 'a: 1\n---\nb: 2\n', 'x: &x {}\nextensions: *x\n', 'extensions: text\n'])(
    'refuses %s',
    (text) => {
      expect(() => withEntry(yaml, text, map('extensions'), 'g', entry)).toThrow()
    },
  )
})

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }))
const server = fc.dictionary(name, value, { minKeys: 1, maxKeys: 4 })
const servers = fc.dictionary(name, server, { maxKeys: 4 })
const others = fc.dictionary(name, fc.oneof(value, server), { maxKeys: 4 })
const eols = fc.constantFrom('\n', '\r\n')

/** A JSON text as editors and people leave them: comments anywhere, commas at the end, any indentation. */
const jsonText = fc
  .record({
    others,
    servers,
    eol: eols,
    step: fc.constantFrom('  ', '\t', '    '),
    seed: fc.infiniteStream(fc.nat(5)),
    end: fc.boolean(),
  })
  .map(({ others, servers, eol, step, seed, end }) => {
    const dice = () => seed.next().value as number
    const space = (indent: string) =>
      [' ', ` /* a */ `, `${eol}${indent}`, `${eol}${indent}// b${eol}${indent}`, '', `${eol}${eol}${indent}`][
        dice()
      ] ?? ''
    const write = (held: unknown, indent: string): string => {
      if (typeof held !== 'object' || held === null || Array.isArray(held)) return JSON.stringify(held)
      const inner = indent + step
      const members = Object.entries(held).map(
        ([key, one]) => `${space(inner)}${JSON.stringify(key)}: ${write(one, inner)}`,
      )
      return `{${members.join(`${dice() > 3 ? ' ' : ''},`)}${members.length > 0 && dice() > 3 ? ',' : ''}${space(indent)}}`
    }
    return `${dice() > 3 ? `// head${eol}` : ''}${write({ ...others, mcpServers: servers }, '')}${end ? eol : ''}`
  })

const tomlValue = (held: unknown): string =>
  Array.isArray(held)
    ? `[ ${held.map(tomlValue).join(' , ')} ]`
    : typeof held === 'string'
      ? JSON.stringify(held).replaceAll('\u007f', '\\u007f')
      : String(held)
const tomlText = fc
  .record({ others: fc.dictionary(name, value, { maxKeys: 4 }), tables: others, servers, eol: eols, end: fc.boolean() })
  .map(({ others, tables, servers, eol, end }) => {
    const members = (held: object) => Object.entries(held).map(([key, one]) => `  ${key} = ${tomlValue(one)} # ${key}`)
    const lines = ['# head', ...members(others)]
    for (const [key, held] of Object.entries(servers)) lines.push('', `[mcp_servers.${key}] # table`, ...members(held))
    for (const [key, held] of Object.entries(tables))
      if (typeof held === 'object' && !Array.isArray(held)) lines.push(`[T.${key}]`, ...members(held), '# after')
    return `${lines.join(eol)}${end ? eol : ''}`
  })

const yamlText = (as: 'map' | 'list') =>
  fc
    .record({ others, servers, eol: eols, end: fc.boolean(), flow: fc.boolean() })
    .map(({ others, servers, eol, end, flow }) => {
      const lines = ['# head']
      for (const [key, held] of Object.entries(others)) lines.push(`x-${key}: ${JSON.stringify(held)} # ${key}`)
      lines.push('mcp: # servers')
      for (const [key, held] of Object.entries(servers)) {
        if (flow)
          lines.push(
            as === 'list' ? `- ${JSON.stringify({ ...held, name: key })} # f` : `  ${key}: ${JSON.stringify(held)} # f`,
          )
        else if (as === 'list')
          lines.push(
            `  - name: ${JSON.stringify(key)}`,
            ...Object.entries(held)
              .filter(([one]) => one !== 'name')
              .map(([one, it]) => `    ${JSON.stringify(one)}: ${JSON.stringify(it)}`),
          )
        else
          lines.push(
            `  ${JSON.stringify(key)}:`,
            ...Object.entries(held).map(([one, it]) => `    ${JSON.stringify(one)}: ${JSON.stringify(it)} # it`),
            '  # between',
          )
      }
      lines.push('last: 1')
      return `${lines.join(eol)}${end ? eol : ''}`
    })

/** The same text as the one project of another. */
const withProject = jsonText.map((text) => {
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  return `{${eol}  "projects": {${eol}    "/a": ${text.replace(/^\/\/ head\r?\n/, '').trimEnd()}${eol}  },${eol}  "mcpServers": {}${eol}}${eol}`
})

const families: [string, Format, ServerPlace, fc.Arbitrary<string>][] = [
  ['JSON', json, map('mcpServers'), jsonText],
  ['JSON of a project', json, { ...map('mcpServers'), within: ['projects', '/a'] }, withProject],
  ['TOML', toml, map('mcp_servers'), tomlText],
  ['a YAML map', yaml, map('mcp'), yamlText('map')],
  ['a YAML list', yaml, list('mcp'), yamlText('list')],
]

describe.each(families)('any %s text', (_, format, place, texts) => {
  const ours = place.as === 'list' ? { name: 'gatehouse', ...entry } : entry

  it('is changed by nothing but insertions, in its own line endings, and can be read as before with one entry more', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const before = entriesIn(format, text, place)
        const after = withEntry(format, text, place, 'gatehouse', ours)
        expect(entriesIn(format, after, place)).toEqual(new Map([...before, ['gatehouse', ours]]))
        expect(isInside(text, after)).toBe(true)
        if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n')
        else expect(after).not.toContain('\r\n')
      }),
      { numRuns: 300 },
    )
  })

  it('is byte for byte what it was after the entry is taken out again', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const before = entriesIn(format, text, place)
        const back = withoutEntry(format, withEntry(format, text, place, 'gatehouse', ours), place, 'gatehouse')
        expect(entriesIn(format, back, place)).toEqual(before)
        if (before.size > 0 && text.endsWith('\n')) expect(laidOut(format, back)).toBe(laidOut(format, text))
      }),
      { numRuns: 300 },
    )
  })

  it('loses only the entry that is dropped, with the comments on its own lines', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, pick) => {
        const before = entriesIn(format, text, place)
        const [name] = [...before.keys()].slice(pick % Math.max(1, before.size))
        if (name === undefined) return
        const after = withoutEntry(format, text, place, name)
        before.delete(name)
        expect(entriesIn(format, after, place)).toEqual(before)
        expect(isInside(after, text)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

/** JSON without white space: a closing brace may move to a line of its own. */
const laidOut = (format: Format, text: string) => (format === json ? text.replace(/\s+/g, '') : text)

/** Whether a text can be had from another by taking pieces out. */
function isInside(part: string, whole: string): boolean {
  let at = 0
  for (const character of part) {
    at = whole.indexOf(character, at)
    if (at < 0) return false
    at += character.length
  }
  return true
}
