import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorLine, idInEnds, type LineEnds, LineSplitter, longestLineBytes } from '../../shared/wire/framing.ts'

function split(chunks: readonly (string | Buffer)[], limitBytes?: number) {
  const lines: string[] = []
  const tooLong: LineEnds[] = []
  const splitter = new LineSplitter(
    { line: (line) => lines.push(line.toString('utf8')), tooLong: (ends) => tooLong.push(ends) },
    limitBytes,
  )
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string))
  return { lines, tooLong }
}

describe('lines', () => {
  it('come out whole, wherever the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1 }).filter((line) => !line.includes('\n'))),
        fc.array(fc.nat(200)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
          const at = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b)
          const chunks = [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length))
          expect(split(chunks).lines).toEqual(lines.map((line) => Buffer.from(line).toString('utf8')))
        },
      ),
    )
  })

  it('that are empty are left out, and one without its end is kept back', () => {
    expect(split(['\n\na\n\n', 'b']).lines).toEqual(['a'])
  })

  it('of exactly the limit pass; one byte more does not, and the next line does', () => {
    const { lines, tooLong } = split([`${'x'.repeat(10)}\n`, `${'y'.repeat(11)}\n`, 'z\n'], 10)
    expect(lines).toEqual(['x'.repeat(10), 'z'])
    expect(tooLong).toEqual([{ head: 'y'.repeat(11), tail: 'y'.repeat(11), sizeBytes: 11 }])
  })

  it('over the limit are not kept, but for both ends', () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const { lines, tooLong } = split(['{"id":1,', ...Array.from({ length: 12 }, () => chunk), '"last"}\n'])
    expect(lines).toEqual([])
    expect(tooLong).toHaveLength(1)
    expect(tooLong[0]?.sizeBytes).toBe(12 * 1024 * 1024 + 15)
    expect(tooLong[0]?.head).toMatch(/^\{"id":1,x{4088}$/)
    expect(tooLong[0]?.tail).toMatch(/^x{4089}"last"\}$/)
    expect(longestLineBytes).toBe(10 * 1024 * 1024)
  })
})

describe('the id of a message of which only the ends are known', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":7,"method":"tools/call"', '', 7],
    ['{"method":"tools/call","jsonrpc":"2.0","id":"a\\"b","params"', '', 'a"b'],
    ['{ "id" : -3 , "params": {', '', -3],
    ['{"method":"x","params":{"id":9,', '"y":1},"jsonrpc":"2.0","id":8}', 8],
    ['{"params":{"id":9,', '"id":5}}', undefined],
    ['{"params":[', '"id":5,"more":1}', undefined],
    ['{"jsonrpc":"2.0","method":"notifications/x","params":{"id":9', '}}', undefined],
  ])('is found only where it can be no other’s: %s … %s', (head, tail, id) => {
    expect(idInEnds(head, tail)).toBe(id)
  })
})

it('an error is one line, without an id only when there is none', () => {
  expect(errorLine('a', -1, 'two\nlines', { x: 1 })).toBe(
    '{"jsonrpc":"2.0","id":"a","error":{"code":-1,"message":"two\\nlines","data":{"x":1}}}\n',
  )
  expect(JSON.parse(errorLine(undefined, -1, 'x'))).toEqual({
    jsonrpc: '2.0',
    id: null,
    error: { code: -1, message: 'x' },
  })
})
