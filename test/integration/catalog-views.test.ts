import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import type { RawBridge, RawMessage } from '../support/raw-bridge.ts'

let app: GatehouseApp
let editor: RawBridge
let other: RawBridge

beforeAll(async () => {
  app = await GatehouseApp.start()
  await app.addRecorder('alpha', '--trust')
  await app.addRecorder('beta')
  editor = await app.client('Editor')
  other = await app.client('Other')
})
afterAll(() => app?.end())

const toolsOf = async (bridge: RawBridge) =>
  (((await bridge.request('tools/list')).result?.tools ?? []) as { name: string }[]).map(({ name }) => name)
const of = (names: readonly string[], server: string) => names.filter((name) => name.startsWith(`${server}__`))
const call = (bridge: RawBridge, name: string, args: object = {}) =>
  bridge.request('tools/call', { name, arguments: args })
const textOf = ({ result }: RawMessage) => (result?.content as { text: string }[] | undefined)?.[0]?.text ?? ''
const refusalOf = ({ result, error }: RawMessage) => (result?._meta ?? error?.data ?? {}) as Record<string, unknown>

describe('what a client sees, through the running app', () => {
  it('is everything, until the person narrows it; then it is told, and the rest is unknown to it alone', async () => {
    expect(of(await toolsOf(editor), 'beta').length).toBeGreaterThan(5)
    const told = editor.find(({ method }) => method === 'notifications/tools/list_changed')
    await app.ask('clients', 'set', 'editor', '--servers', 'alpha,filesystem', '--hide', 'alpha__env')
    await told
    const names = await toolsOf(editor)
    expect(of(names, 'beta')).toEqual([])
    expect(names).toContain('alpha__act')
    expect(names).not.toContain('alpha__env')
    const [hidden, unknown] = [await call(editor, 'alpha__env'), await call(editor, 'alpha__nothing')]
    expect(JSON.stringify(hidden.error).replace('env', 'nothing')).toBe(JSON.stringify(unknown.error))
    expect((await call(editor, 'beta__act')).error?.message).toContain('beta__act')
    expect(app.reached('beta')).toEqual([])
    expect(of(await toolsOf(other), 'beta').length).toBeGreaterThan(5)
    expect(textOf(await call(other, 'alpha__env', { name: 'HOME' }))).not.toBe('')
  })

  it('is refused to a program without the passphrase', async () => {
    const refused = await app.cli('clients', 'set', 'editor', '--all-servers')
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('operator passphrase')])
    expect(of(await toolsOf(editor), 'beta')).toEqual([])
  })

  it('survives a restart, and is recorded', async () => {
    await app.restart()
    expect(of(await toolsOf(editor), 'beta')).toEqual([])
    const { entries } = (await app.ask('audit', 'list')) as { entries: { action: string; summary: string }[] }
    expect(entries.find(({ action }) => action === 'view.set')?.summary).toContain(
      'The client “editor” sees alpha, filesystem but not alpha__env',
    )
  })

  it('tells which names could be mistaken, in inspect and in the list of tools', async () => {
    const { warnings } = (await app.ask('tools', 'list', '--server', 'beta')) as { warnings: object[] }
    expect(warnings).toContainEqual({
      kind: 'same-name',
      server: 'beta',
      name: 'beta__act',
      otherServer: 'alpha',
      other: 'alpha__act',
    })
    expect((await app.ask('servers', 'inspect', 'beta')).warnings).toEqual(warnings)
    const shown = await app.cli('servers', 'inspect', 'beta')
    expect(shown.out).toContain('Mind: beta__act has the same name as alpha__act.')
  })
})

describe('search mode, through the running app', () => {
  beforeAll(async () => {
    await app.ask('clients', 'set', 'editor', '--mode', 'search')
  })

  it('lists Gatehouse’s own tools only, and finds what the client may see', async () => {
    const names = await toolsOf(editor)
    expect(names.every((name) => name.startsWith('gatehouse__'))).toBe(true)
    expect(names).toEqual(expect.arrayContaining(['gatehouse__find_tools', 'gatehouse__call_tool']))
    const found = JSON.parse(textOf(await call(editor, 'gatehouse__find_tools', { query: 'act', limit: 20 })))
    expect(found[0]).toMatchObject({ name: 'alpha__act', inputSchema: { type: 'object' } })
    const all = found.map(({ name }: { name: string }) => name)
    expect(of(all, 'beta')).toEqual([])
    expect(textOf(await call(editor, 'gatehouse__find_tools', { query: 'env' }))).not.toContain('alpha__env')
  })

  it('calls the tool inside as itself: its result, its record, its refusals', async () => {
    const before = app.reached('alpha').length
    const done = await call(editor, 'gatehouse__call_tool', { name: 'alpha__act', arguments: { a: 1 } })
    expect(textOf(done)).toBe('done')
    expect(app.reached('alpha').slice(before)).toMatchObject([{ name: 'act', args: { a: 1 } }])
    const { entries } = (await app.ask('audit', 'list')) as { entries: { action: string; tool?: string }[] }
    const mine = entries.filter(({ action }) => action === 'tools/call')
    expect(mine[0]).toMatchObject({ tool: 'alpha__act', decision: 'allow' })
    expect(mine.map(({ tool }) => tool)).not.toContain('gatehouse__call_tool')
    const wrong = await call(editor, 'gatehouse__call_tool', { name: 'alpha__slow', arguments: { ms: 'long' } })
    expect(refusalOf(wrong)).toMatchObject({ 'gatehouse/code': 'arguments.invalid' })
    for (const name of ['alpha__env', 'beta__act', 'gatehouse__call_tool', 7])
      expect((await call(editor, 'gatehouse__call_tool', { name, arguments: {} })).result?.content).not.toEqual(
        done.result?.content,
      )
    expect(app.reached('alpha').length).toBe(before + 1)
    expect(app.reached('beta')).toEqual([])
  })

  it('asks about the tool inside, and binds the answer to it', async () => {
    await app.ask('clients', 'set', 'editor', '--servers', 'beta')
    const waiting = call(editor, 'gatehouse__call_tool', { name: 'beta__act', arguments: { b: 2 } })
    const id = await app.question(({ tool }) => tool === 'beta__act')
    await app.approve(id)
    expect(textOf(await waiting)).toBe('done')
    expect(app.reached('beta')).toMatchObject([{ name: 'act', args: { b: 2 } }])
  })
})

describe('what a model can ask about itself', () => {
  it('is why its latest call was refused, and not what others were or may not do', async () => {
    expect(textOf(await call(other, 'gatehouse__explain_refusal'))).toBe('Nothing has been refused in this session.')
    await app.ask('permissions', 'deny', '--client', 'Other', '--tool', 'alpha__fa*')
    await app.ask('permissions', 'deny', '--client', 'Editor', '--tool', 'alpha__fai*')
    await call(other, 'alpha__fail')
    const why = textOf(await call(other, 'gatehouse__explain_refusal'))
    expect(why).toContain('alpha__fail')
    expect(why).toContain('not allow')
    expect(why).not.toContain('Editor')
    expect(textOf(await call(editor, 'gatehouse__explain_refusal'))).not.toContain('alpha__fail')
    const asked = textOf(await call(other, 'gatehouse__explain_refusal', { tool: 'alpha__fail' }))
    expect(asked).toContain('is not allowed by the user’s rules')
    expect(asked).not.toContain('fa*')
  })

  it('is what it may do, and nothing of what it does not see', async () => {
    const may = textOf(await call(other, 'gatehouse__capabilities', { server: 'alpha' }))
    expect(may).toContain('alpha__act')
    expect(may).toContain('alpha__fail (fail): is not allowed')
    const all = textOf(await call(editor, 'gatehouse__capabilities'))
    expect(all).toContain('beta__act')
    expect(all).not.toContain('alpha__')
  })
})
