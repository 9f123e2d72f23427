import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { GatehouseApp, root } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'

const fixture = join(root, 'test', 'support', 'everything-fixture', 'main.ts')
const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
}
const asking = 'fixture__test_input_required_result_elicitation'
const answers = { user_name: { action: 'accept', content: { name: 'Ada' } } }

/** What a client has in hand belongs to the run of the app that gave it. */
describe('what a client began before the app was restarted', () => {
  let app: GatehouseApp
  let bridge: RawBridge
  const call = (name: string, given: object = {}) =>
    bridge.request('tools/call', { name, arguments: {}, ...given, _meta: envelope })
  const begun = async () => {
    const { result } = await call(asking)
    expect(result).toMatchObject({ resultType: 'input_required', requestState: expect.any(String) })
    return String(result?.requestState)
  }

  beforeAll(async () => {
    app = await GatehouseApp.start()
    const options = ['--yes', '--trust', '--sandbox', '2', '--allow-path', `${root}:ro`]
    await app.ask('servers', 'add', 'fixture', ...options, '--', process.execPath, fixture, '--later')
    await app.addRecorder('asked')
    await app.ask('clients', 'pair', 'editor')
    await app.ask('clients', 'pair', 'watcher')
    bridge = app.bridge('editor')
  })
  afterAll(() => app.end())

  it('is refused with −32602 when its round is answered afterwards, and works from the start', async () => {
    const before = await begun()
    await app.restart()
    await app.endBridges()
    bridge = app.bridge('editor')
    const { error, result } = await call(asking, { requestState: before, inputResponses: answers })
    expect(result).toBeUndefined()
    expect(error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('Make the call again from the start'),
    })
    const again = await call(asking, { requestState: await begun(), inputResponses: answers })
    expect(again.result).toMatchObject({ content: [{ text: 'Hello, Ada!' }] })
  })

  it('goes on when it watches a resource: neither the end of its server nor a restart of the app loses a change', async () => {
    const uri = 'test://watched-resource'
    const earlier = await app.bridge('watcher').introduce()
    const told = () => earlier.messages.filter(({ method }) => method === 'notifications/resources/updated').length
    const isTold = (times: number) => vi.waitUntil(() => told() === times, { timeout: 20_000 })
    const touch = () => earlier.call('fixture__test_touch_resource')
    expect((await earlier.request('resources/subscribe', { uri })).result).toEqual({})
    await touch()
    await isTold(1)
    const { pids } = await app.ask('servers', 'inspect', 'fixture')
    for (const pid of pids as number[]) process.kill(pid, 'SIGKILL')
    await isTold(2) // what may have changed meanwhile
    await touch()
    await isTold(3)
    await app.restart()
    await isTold(4)
    await touch()
    await isTold(5)
  })

  it('is ended with a clear error when the person was being asked, and done once when it is made again', async () => {
    const held = call('asked__act', { arguments: { what: 'one' } })
    const id = await app.question()
    await app.stop()
    const told = await held
    expect(said(told)).toContain('this call was not made and had no effect. Try again in 10 seconds')
    expect(told.result).toMatchObject({ isError: true, _meta: { 'gatehouse/code': 'app.draining' } })
    expect(app.reached('asked')).toEqual([])
    await app.start()
    await app.approve(id)
    await app.endBridges()
    bridge = app.bridge('editor')
    const again = await call('asked__act', { arguments: { what: 'one' } })
    expect(again.result).toMatchObject({ content: [{ text: 'done' }] })
    expect(app.reached('asked')).toHaveLength(1)
  })

  it('is answered when it runs while the app stops, which takes no new call and has each on record', async () => {
    await app.addRecorder('busy', '--trust')
    const running = call('busy__slow', { arguments: { ms: 5000 } })
    await vi.waitUntil(() => app.reached('busy').length === 1, { timeout: 20_000 })
    const stopped = app.stop()
    const refused = await vi.waitUntil(
      async () => {
        const tried = await call('busy__act')
        return tried.result?.isError === true && tried
      },
      { timeout: 20_000 },
    )
    expect(said(refused)).toContain('Gatehouse is stopping, so this call was not made')
    expect(refused.result?._meta).toMatchObject({ 'gatehouse/code': 'app.draining', 'gatehouse/retryAfter': 10 })
    expect(said(await running)).toBe('late')
    await stopped
    await app.start()
    const { entries } = await app.ask('audit', 'list', '--client', 'editor')
    expect(entries).toContainEqual(
      expect.objectContaining({ tool: 'busy__act', client: 'editor', decision: 'deny', code: 'app.draining' }),
    )
  })
})
