import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnvironment, GatehouseApp, root } from '../support/gatehouse-app.ts'
import { said } from '../support/raw-bridge.ts'
import { runCommand } from '../support/run-command.ts'
import { operatorPassphrase } from '../support/running-app.ts'

let app: GatehouseApp
beforeAll(async () => {
  app = await GatehouseApp.start()
})
afterAll(() => app.end())

interface Shown {
  readonly concept: { readonly strength: number }
}
const actions = async () =>
  ((await app.ask('audit', 'list', '--limit', '200')).entries as { action: string; summary?: string }[]).map(
    ({ action }) => action,
  )

describe('gatehouse memory', () => {
  it('remembers, recalls, shows, relates and tells who brought it', async () => {
    const words = ['--type', 'person', '--description', 'paints boats', '--observation', 'lives in Brăila']
    const added = await app.ask('memory', 'add', 'Matei', ...words, '--attributes', '{"age":44}')
    expect(added).toMatchObject({ concept: { name: 'Matei', attributes: { age: 44 }, createdBy: { client: 'cli' } } })
    await app.ask('memory', 'add', 'Boatyard', '--type', 'place')
    await app.ask('memory', 'relate', 'Matei', 'works at', 'Boatyard', '--weight', '0.8')
    const { found } = (await app.ask('memory', 'query', 'who', 'paints', 'boats?')) as {
      found: { concept: { name: string }; parts: object }[]
    }
    expect(found[0]).toMatchObject({ concept: { name: 'Matei' }, parts: { text: expect.any(Number) } })
    const shown = await app.ask('memory', 'show', 'Matei')
    expect(shown).toMatchObject({
      concept: { observations: [{ text: 'lives in Brăila', by: { clientName: 'command line' } }] },
      relations: [{ from: 'Matei', type: 'works at', to: 'Boatyard', weight: 0.8 }],
    })
    expect((await app.operator('memory', 'show', 'Matei')).out).toContain('Matei — works at → Boatyard (0.80)')
    expect((await app.operator('memory', 'show', 'Nobody')).code).toBe(1)
  })

  it('forgets, takes it back, and keeps the history', async () => {
    const { write } = (await app.ask('memory', 'forget', 'Matei')) as { write: string }
    expect((await app.operator('memory', 'show', 'Matei')).code).toBe(1)
    await app.ask('memory', 'undo', write)
    expect(await app.ask('memory', 'show', 'Matei')).toMatchObject({ concept: { description: 'paints boats' } })
    const { writes } = (await app.ask('memory', 'history', 'Matei')) as { writes: { act: string }[] }
    expect(writes.map(({ act }) => act)).toEqual(['undo', 'forget', 'relate_concepts', 'add_concept'])
    expect(writes[0]).toMatchObject({ act: 'undo', by: { client: 'cli' } })
  })

  it('raises the strength of what is said to be of use, and takes that back', async () => {
    const strength = async () => ((await app.ask('memory', 'show', 'Matei')) as unknown as Shown).concept.strength
    const before = await strength()
    const { write } = (await app.ask('memory', 'reinforce', 'Matei', 'Boatyard')) as { write: string }
    expect(await strength()).toBeCloseTo(before + 1, 2)
    const [newest] = ((await app.ask('memory', 'history', 'Matei')) as { writes: object[] }).writes
    expect(newest).toMatchObject({ id: write, act: 'reinforce', changeCount: 2 })
    await app.ask('memory', 'undo', write)
    expect(await strength()).toBeCloseTo(before, 2)
    expect((await app.operator('memory', 'reinforce', 'Nobody')).err).toContain('Nobody')
  })

  it('records each change of the person, without what was changed', async () => {
    expect(await actions()).toEqual(
      expect.arrayContaining(['memory.add', 'memory.relate', 'memory.forget', 'memory.undo']),
    )
    expect(JSON.stringify(await app.ask('audit', 'list', '--limit', '200'))).not.toContain('Brăila')
  })

  it('gives contents to nobody without the passphrase, its size to anyone', async () => {
    expect(JSON.parse((await app.cli('memory', 'status', '--json')).out)).toMatchObject({ concepts: 2 })
    for (const verb of [
      'memory query boats',
      'memory show Matei',
      'memory history',
      'memory forget Matei',
      'memory erase --all',
    ])
      expect([verb, (await runCommand(app.home, verb.split(' '))).err]).toEqual([
        verb,
        expect.stringContaining('operator passphrase'),
      ])
    expect(await app.ask('memory', 'show', 'Matei')).toHaveProperty('concept')
  })

  it('consolidates, and erases for good', async () => {
    expect(await app.ask('memory', 'consolidate')).toMatchObject({ merged: [], prunedConcepts: 0 })
    expect(await app.ask('memory', 'erase', 'Boatyard')).toEqual({ erased: 1 })
    expect((await app.operator('memory', 'erase')).code).toBe(2)
    expect(JSON.stringify(await app.ask('memory', 'history'))).not.toContain('Boatyard')
  })

  it('is one memory for each workspace, and erased with it', async () => {
    await app.ask('workspaces', 'add', 'side')
    await app.ask('memory', 'add', 'Side job', '--type', 'project', '--workspace', 'side')
    expect(await app.ask('memory', 'query', 'side', 'job')).toMatchObject({ found: [] })
    await app.ask('workspaces', 'remove', 'side')
    await app.ask('workspaces', 'add', 'side')
    expect(await app.ask('memory', 'status', '--workspace', 'side')).toMatchObject({ concepts: 0 })
    expect((await app.operator('memory', 'status', '--workspace', 'nowhere')).err).toContain('no workspace “nowhere”')
  })
})

describe('learning', () => {
  it('is off for every app until the person switches it on, and only for that one', async () => {
    const [chatty, other] = [await app.client('chatty'), await app.client('other')]
    for (const name of ['chatty', 'other'])
      await app.ask('permissions', 'allow', '--client', name, '--tool', 'memory__*')
    const told = { said: 'My sister Elena works at Orange. I prefer tea over coffee.' }
    expect(said(await chatty.call('memory__learn', told))).toContain('not switched learning on')
    expect(await app.ask('memory', 'learning')).toEqual({ clients: [] })
    await app.ask('memory', 'learning', 'on', 'chatty')
    expect(await app.ask('memory', 'learning')).toEqual({ clients: ['chatty'] })
    const learned = (await chatty.call('memory__learn', told)).result?.structuredContent as { added: string[] }
    expect(learned.added.length).toBeGreaterThan(0)
    expect(said(await other.call('memory__learn', told))).toContain('not switched learning on')
    const shown = await app.ask('memory', 'show', learned.added[0] ?? '')
    expect(shown).toMatchObject({ concept: { source: 'learned', createdBy: { clientName: 'chatty' } } })
    await app.ask('memory', 'learning', 'off', 'chatty')
    expect(said(await chatty.call('memory__learn', told))).toContain('not switched learning on')
    expect(await actions()).toContain('memory.learning')
    expect((await chatty.call('memory__consolidate')).result?.structuredContent).toMatchObject({ merged: 0 })
  })
})

describe('the embedder', () => {
  it('is shown and set from the command line, its key read from stdin', async () => {
    expect(await app.ask('memory', 'embedder')).toEqual({ choice: { kind: 'built-in' }, hasKey: false })
    const url = 'http://127.0.0.1:9/v1'
    const args = ['memory', 'embedder', 'set', 'openai', '--url', url, '--model', 'tiny', '--key', '--json']
    const env = { ...cleanEnvironment(), GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase }
    const cli = [join(root, 'dist', 'cli.js'), '--home', app.home, ...args]
    const set = spawnSync(process.execPath, cli, { env, input: 'sk-embedder-0123456789', encoding: 'utf8' })
    expect(JSON.parse(set.stdout)).toEqual({ choice: { kind: 'openai', url, model: 'tiny' }, hasKey: true })
    expect((await app.operator('memory', 'embedder', 'set', 'ollama')).code).toBe(2)
    await app.ask('memory', 'embedder', 'set', 'built-in')
    expect(await app.ask('memory', 'embedder')).toEqual({ choice: { kind: 'built-in' }, hasKey: false })
  })
})

describe('import and export', () => {
  const file = (name: string) => join(app.folder, name)
  const server = resolve('node_modules/@modelcontextprotocol/server-memory/dist/index.js')
  const entities = [
    { name: 'Înălțime', entityType: 'thing', observations: ['a "quoted"\nline', 'ü'] },
    { name: 'Ana', entityType: 'person', observations: [] },
  ]
  const relations = [{ from: 'Ana', to: 'nobody yet', relationType: 'knows' }]

  it('takes the file of server-memory and gives it back byte for byte', async () => {
    const peer = new Client({ name: 'test', version: '1' })
    const env = { MEMORY_FILE_PATH: file('theirs.jsonl') }
    await peer.connect(new StdioClientTransport({ command: process.execPath, args: [server], env, stderr: 'ignore' }))
    await peer.callTool({ name: 'create_entities', arguments: { entities } })
    await peer.callTool({ name: 'create_relations', arguments: { relations } })
    await peer.close()
    await app.ask('memory', 'erase', '--all')
    expect(await app.ask('memory', 'import', file('theirs.jsonl'))).toMatchObject({
      concepts: 2,
      relations: 1,
      merged: 0,
    })
    await app.ask('memory', 'export', file('ours.jsonl'))
    expect(readFileSync(file('ours.jsonl'), 'utf8')).toBe(readFileSync(file('theirs.jsonl'), 'utf8'))
    expect(statSync(file('ours.jsonl')).mode & 0o777).toBe(0o600)
    expect((await app.operator('memory', 'export', file('ours.jsonl'))).err).toContain('already')
  })

  it('counts what it brings in as read from outside, unless the person trusts it', async () => {
    expect(await app.ask('memory', 'show', 'Ana')).toMatchObject({ concept: { labels: ['untrusted'] } })
    await app.ask('memory', 'import', file('theirs.jsonl'), '--replace', '--trust')
    expect(await app.ask('memory', 'show', 'Ana')).toMatchObject({ concept: { labels: [] } })
  })

  it('keeps everything in its own format, and takes an import back', async () => {
    await app.ask('memory', 'add', 'Dan', '--type', 'person', '--attributes', '{"age":3}', '--confidence', '0.4')
    await app.ask('memory', 'relate', 'Ana', 'minds', 'Dan', '--weight', '0.7')
    await app.ask('memory', 'export', file('all.json'))
    await app.ask('memory', 'export', file('all.graphml'))
    await app.ask('memory', 'erase', '--all')
    const { write } = (await app.ask('memory', 'import', file('all.json'), '--trust')) as { write: string }
    expect(await app.ask('memory', 'show', 'Dan')).toMatchObject({
      concept: { attributes: { age: 3 }, confidence: 0.4 },
      relations: [{ from: 'Ana', type: 'minds', weight: 0.7 }],
    })
    await app.ask('memory', 'export', file('again.json'))
    expect(readFileSync(file('again.json'), 'utf8')).toBe(readFileSync(file('all.json'), 'utf8'))
    await app.ask('memory', 'undo', write)
    expect(await app.ask('memory', 'status')).toMatchObject({ concepts: 0, relations: 0 })
    await app.ask('memory', 'import', file('all.graphml'), '--trust')
    await app.ask('memory', 'export', file('third.json'))
    expect(readFileSync(file('third.json'), 'utf8')).toBe(readFileSync(file('all.json'), 'utf8'))
    await app.ask('memory', 'erase', '--all')
  })

  it('refuses a bad file with line and reason, and changes nothing', async () => {
    await app.ask('memory', 'add', 'Kept', '--type', 'thing')
    const good = readFileSync(file('theirs.jsonl'), 'utf8')
    writeFileSync(file('bad.jsonl'), `${good}\n{"type":"entity","name":"X"}`)
    const refused = await app.operator('memory', 'import', file('bad.jsonl'), '--replace')
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/nothing was changed. Line 4: entityType/)])
    writeFileSync(
      file('bad.json'),
      readFileSync(file('all.json'), 'utf8').replace('"confidence":0.4', '"confidence":4'),
    )
    expect((await app.operator('memory', 'import', file('bad.json'))).err).toMatch(/Line \d+: concepts\.2\.confidence/)
    expect((await app.operator('memory', 'import', file('missing.json'))).err).toContain('no file')
    expect(await app.ask('memory', 'status')).toMatchObject({ concepts: 1 })
  })

  it('shows how far a large one is; Ctrl+C cancels it, and nothing is changed', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) =>
      JSON.stringify({ type: 'entity', name: `Line ${at}`, entityType: 'line', observations: [`number ${at}`] }),
    )
    writeFileSync(file('large.jsonl'), lines.join('\n'))
    const before = await app.ask('memory', 'status')
    const args = [
      join(root, 'dist', 'cli.js'),
      '--home',
      app.home,
      'memory',
      'import',
      file('large.jsonl'),
      '--replace',
    ]
    const env = { ...cleanEnvironment(), GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase }
    const cli = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = once(cli, 'exit')
    let shown = ''
    cli.stderr.setEncoding('utf8').on('data', (text: string) => {
      shown += text
      if (!cli.killed && /Writing: [1-9]\d? %/.test(shown)) cli.kill('SIGINT')
    })
    expect(await ended).toEqual([1, null])
    expect(shown).toMatch(/Reading the file: 0 %\n.*Writing: 0 % \(0 of 20000\)\n/s)
    expect(shown.trimEnd().split('\n').at(-1)).toBe('The import was cancelled. Nothing was changed.')
    expect(await app.ask('memory', 'status')).toMatchObject({ concepts: before.concepts, writes: before.writes })
    expect(await app.ask('memory', 'show', 'Kept')).toHaveProperty('concept')
  })

  it('gives neither to a program without the passphrase', async () => {
    for (const verb of ['export', 'import'])
      expect((await runCommand(app.home, ['memory', verb, file('no.json')])).err).toContain('operator passphrase')
    expect(existsSync(file('no.json'))).toBe(false)
  })
})
