import { describe, expect, it } from 'vitest'
import { callAttributes } from '../../main/permissions/call-attributes.ts'
import { assessRisk, type RiskFacts } from '../../main/permissions/risk.ts'
import { aCall, aServer, type CallOptions, theFilesystem } from './a-call.ts'

const risk = (options: CallOptions, facts: RiskFacts = {}) => {
  const call = aCall(options)
  const { level, reasons } = assessRisk(call, callAttributes(call), facts)
  return { level, why: reasons.map(({ kind }) => kind) }
}
const knowing = (...destinations: string[]): RiskFacts => ({
  history: { allowed: 3, denied: 0, destinations: new Set(destinations) },
})

describe('the risk of a call', () => {
  it('grows with what would change, and with whether it can be undone', () => {
    const file = { server: theFilesystem(), real: ['/home/ada/notes/a.md'] }
    expect(risk({ ...file, tool: 'read_text_file' })).toEqual({ level: 'low', why: ['read'] })
    expect(risk({ ...file, tool: 'write_file' })).toEqual({ level: 'medium', why: ['write-undo'] })
    expect(risk({ ...file, tool: 'delete_file' })).toEqual({ level: 'high', why: ['delete'] })
    expect(risk({ commands: ['rm -rf ~'] })).toMatchObject({ level: 'high', why: ['run', 'untrusted'] })
  })

  it('says of the memory that what is written comes back later, and can be undone', () => {
    const memory = aServer({ origin: { kind: 'bundled', bundle: 'memory' } })
    expect(risk({ server: memory, tool: 'create_entities' }).why).toContain('remember')
    expect(risk({ server: memory, tool: 'delete_entities' }).why).toContain('forget')
    expect(risk({ server: memory, tool: 'read_graph' }).why).toContain('read')
  })

  it('of a command outside any sandbox is critical', () => {
    expect(risk({ server: aServer({ sandbox: 0 }), commands: ['ls'] }).level).toBe('critical')
  })

  it('is critical when a secret would leave, high when it would only be handed over', () => {
    expect(risk({ labels: ['secret'], urls: ['https://example.com'] }).level).toBe('critical')
    expect(risk({ labels: ['secret'], annotations: { openWorldHint: true } }).level).toBe('critical')
    expect(risk({ labels: ['secret'] })).toMatchObject({ level: 'high', why: ['unknown', 'secret', 'untrusted'] })
    expect(risk({ labels: ['private'], urls: ['https://example.com'] }).level).toBe('high')
    expect(risk({ labels: ['private'] }).level).toBe('medium')
  })

  it('is a step higher for a host that was never allowed for this tool, and not for one that was', () => {
    const call = { urls: ['https://new.example/x'] }
    expect(risk(call, knowing('old.example'))).toMatchObject({
      level: 'high',
      why: ['unknown', 'host-new', 'untrusted'],
    })
    expect(risk(call, knowing('new.example'))).toMatchObject({ level: 'medium', why: ['unknown', 'host', 'untrusted'] })
  })

  it('is a step higher when the person said no before', () => {
    const history = { allowed: 1, denied: 2, destinations: new Set<string>() }
    expect(risk({}, { history })).toEqual({ level: 'high', why: ['unknown', 'untrusted', 'denied-before'] })
  })

  it('names a first use and a new folder, without making them worse', () => {
    const history = { allowed: 0, denied: 0, destinations: new Set<string>() }
    expect(risk({}, { history })).toMatchObject({ level: 'medium', why: ['unknown', 'untrusted', 'first-use'] })
    const file = { server: theFilesystem(), tool: 'write_file', real: ['/home/ada/notes/new/a.md'] }
    expect(risk(file, knowing('/home/ada/notes'))).toEqual({ level: 'medium', why: ['write-undo', 'folder-new'] })
  })

  it('is high when the server’s package is something to mind', () => {
    expect(risk({}, { cell: 'suspended' })).toMatchObject({ level: 'high', why: ['unknown', 'untrusted', 'cell'] })
  })

  it('of a secret that was read in the session and would go out is critical', () => {
    expect(risk({ flow: { kind: 'secret', sources: [] } }).level).toBe('critical')
    expect(risk({ flow: { kind: 'mixed', sources: [] } }).level).toBe('high')
  })
})
