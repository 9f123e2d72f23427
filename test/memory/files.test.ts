import { expect, it } from 'vitest'
import { readGraphml } from '../../main/memory/files/memory-graphml.ts'
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

it.each([
  ['', 1, 'not GraphML'],
  ['<html>\n</html>', 1, 'not GraphML'],
  ['<graphml>\n<graph>\n<node id="a">\n</graph></graphml>', 4, 'not XML'],
  ['<graphml><graph>\n<node id="a"/>\n<node id="a"/></graph></graphml>', 3, 'second node'],
  ['<graphml><graph><node id="a"/>\n<edge source="a" target="b"/></graph></graphml>', 2, 'target'],
  ['<graphml><graph>\n\n<node id="a"><data key="confidence">7</data></node></graph></graphml>', 3, 'confidence'],
  [
    '<!DOCTYPE x [<!ENTITY e "eeee">]>\n<graphml><graph><node id="a"><data key="name">&e;</data></node></graph></graphml>',
    2,
    'not XML',
  ],
])('refuses the GraphML %j with its line and why', (text, line, reason) => {
  expect(() => readGraphml(text)).toThrow(refused(line, reason))
})

it('reads the GraphML of other programs', () => {
  const text = `<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
    <key id="d0" for="node" attr.name="label" attr.type="string"/><key id="d1" for="node" attr.name="colour"/>
    <graph edgedefault="directed"><node id="1"><data key="d0">Ana &amp; co</data><data key="d1"><![CDATA[red]]></data></node>
    <node id="2"/><edge source="1" target="2"/></graph></graphml>`
  expect(readGraphml(text)).toEqual({
    concepts: [
      { name: 'Ana & co', type: 'concept', attributes: { colour: 'red' } },
      { name: '2', type: 'concept', attributes: {} },
    ],
    relations: [{ from: 'Ana & co', to: '2', type: 'related to', attributes: {} }],
  })
})
