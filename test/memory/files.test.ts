import { expect, it } from 'vitest'
import { readJson } from '../../main/memory/files/memory-json.ts'
import { readJsonl } from '../../main/memory/files/memory-jsonl.ts'

const refused = (line: number, reason: string) =>
  expect.objectContaining({
    code: 'memory.bad-file',
    params: { line: String(line), reason: expect.stringContaining(reason) },
  })

it.each([
  ['', 1, 'not JSON'],
  ['{\n"gatehouseMemory": 1,\n"concepts": [,\n', 3, 'not JSON'],
  ['{\n"gatehouseMemory": 2,\n"concepts": [], "relations": []}', 2, 'gatehouseMemory'],
  ['[]', 1, 'expected object'],
  [
    '{"gatehouseMemory":1,\n"concepts":[\n{"name":"a","type":"x"},\n{"name":"b"}],"relations":[]}',
    4,
    'concepts.1.type',
  ],
  [
    '{"gatehouseMemory":1,\n"concepts":[],\n"relations":[{"from":"a","to":"b",\n"type":"x","weight":2}]}',
    4,
    'relations.0.weight',
  ],
  ['{"gatehouseMemory":1,\n"concepts":[{"name":"a","type":"x",\n"labels":["trusted"]}],"relations":[]}', 3, 'labels'],
])('refuses %j with its line and why', (text, line, reason) => {
  expect(() => readJson(text)).toThrow(refused(line, reason))
})

it.each([
  ['{"type":"entity","name":"a","entityType":"x","observations":[]}\n\nnot json', 3, 'not JSON'],
  ['{"type":"entity","name":"a","entityType":"x","observations":"one"}', 1, 'observations'],
  ['\n{"type":"thing"}', 2, 'type'],
  ['{"type":"relation","from":"a","to":"b"}', 1, 'relationType'],
  ['[]', 1, ''],
])('refuses the line %j with its number and why', (text, line, reason) => {
  expect(() => readJsonl(text)).toThrow(refused(line, reason))
})

it('reads lines whatever ends them, and leaves out empty ones', () => {
  const text =
    '{"type":"entity","name":"a","entityType":"x","observations":["o"]}\r\n\r\n{"type":"relation","from":"a","to":"b","relationType":"r"}\n'
  expect(readJsonl(text)).toEqual({
    concepts: [{ name: 'a', type: 'x', observations: ['o'] }],
    relations: [{ from: 'a', to: 'b', type: 'r' }],
  })
})
