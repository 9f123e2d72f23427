import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '../../../shared/domain/json.ts'
import { publicDescriptions } from './public-descriptions.ts'
import { referenceDescriptions } from './reference-descriptions.ts'
import { ordinaryTexts } from './some-text.ts'

/** What a server says of one of its tools. */
export interface BenignDescription {
  readonly server: string
  readonly tool: string
  readonly description: string
}
/** A call as apps make them every day, and what the server answers. */
export interface BenignCall {
  readonly server: string
  readonly tool: string
  readonly arguments: JsonObject
  readonly result: JsonObject
}

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')

export const benignDescriptions: readonly BenignDescription[] = [
  ...referenceDescriptions.map(([server, tool, description]) => ({ server, tool, description })),
  ...publicDescriptions
    .trim()
    .split('\n')
    .map((line) => line.split(' | '))
    .map(([server = '', tool = '', ...description]) => ({ server, tool, description: description.join(' | ') })),
]

const texts = ordinaryTexts
  .trim()
  .split('\n=====\n')
  .map((text) => text.replaceAll('\\u001b', '\u001b'))
const answer = (text: string): JsonObject => ({ content: [{ type: 'text', text }] })

/** Each text once as an answer and once on its way to a server, as the tools of different servers carry texts. */
const everyday: readonly BenignCall[] = texts.flatMap((text, index): BenignCall[] => [
  {
    server: 'filesystem',
    tool: 'read_text_file',
    arguments: { path: `/home/ada/notes/${index}.txt` },
    result: answer(text),
  },
  sending(text, index),
])

function sending(text: string, index: number): BenignCall {
  const [subject = ''] = text.split('\n')
  const ways: readonly BenignCall[] = [
    {
      server: 'filesystem',
      tool: 'write_file',
      arguments: { path: `/home/ada/notes/${index}.txt`, content: text },
      result: answer(`Successfully wrote to /home/ada/notes/${index}.txt`),
    },
    {
      server: 'slack',
      tool: 'slack_post_message',
      arguments: { channel_id: 'C024BE91L', text },
      result: { ...answer('{"ok":true}'), structuredContent: { ok: true, ts: '1764410400.123456' } },
    },
    {
      server: 'gmail',
      tool: 'send_email',
      arguments: { to: ['sam@example.org'], subject: subject.slice(0, 80), body: text },
      result: answer('Email sent successfully with ID: 19345ac9e8c1f3b2'),
    },
    {
      server: 'memory',
      tool: 'add_observations',
      arguments: { observations: [{ entityName: 'Notes', contents: text.split('\n').filter((line) => line !== '') }] },
      result: answer('[]'),
    },
    {
      server: 'github',
      tool: 'create_issue',
      arguments: { owner: 'acme', repo: 'shop', title: subject.slice(0, 60), body: text, labels: ['bug', 'docs'] },
      result: answer('{"number":318,"state":"open"}'),
    },
  ]
  return ways[index % ways.length] as BenignCall
}

/** Files of this repository, as somebody who works on it has them read. */
const sources: readonly BenignCall[] = [
  'main/approvals',
  'main/sandbox',
  'main/supervisor',
  'renderer/features/audit',
  'shared/contract',
  'shared/messages/ro',
  'docs',
  'scripts',
  '.',
]
  .flatMap((folder) => filesIn(folder))
  .map((path) => ({
    server: 'filesystem',
    tool: 'read_text_file',
    arguments: { path: `/home/ada/gatehouse/${path}` },
    result: answer(readFileSync(join(root, path), 'utf8').slice(0, 20_000)),
  }))

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|md|mjs|json|ya?ml|html|css)$/.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort()
}

export const benignCalls: readonly BenignCall[] = [...everyday, ...sources]
