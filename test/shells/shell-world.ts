import { Events } from '../../main/events/events.ts'
import { contract, type GatehouseHandlers } from '../../shared/contract/contract.ts'
import type { Caller } from '../../shared/contract/define.ts'

/** One contract call as its handler saw it. */
export interface SeenCall {
  readonly channel: string
  readonly input: unknown
  readonly caller: Caller
}

export const passphrase = 'correct horse battery'

/** Handlers that remember what reached them; routes without an answer here fail. */
export function aShellWorld(options: { operatorSet?: boolean } = {}) {
  const seen: SeenCall[] = []
  const answers: Record<string, (input: never) => unknown> = {
    'system.status': () => ({
      ready: true,
      shell: 'browser',
      mcpUrl: 'http://127.0.0.1:1/mcp',
      servers: { total: 2, running: 1, failed: 0 },
      pending: 1,
    }),
    'approvals.pending': () => [aQuestion('ap_call', 'call'), aQuestion('ap_pair', 'pair')],
    'approvals.decide': () => ({ decided: true }),
    'approvals.show': () => ({ ...aQuestion('ap_call', 'call'), state: 'pending' }),
    'approvals.list': () => ({ approvals: [anApproval('ap_call')] }),
    'permissions.allow': () => aGrant(),
    'permissions.deny': () => aGrant(),
    'system.setOperator': () => undefined,
    'secrets.set': () => undefined,
    'servers.list': () => ({ servers: [] }),
    'servers.logs': () => ({ lines: ['line one'] }),
    'servers.disable': () => undefined,
    'audit.export': () => ({ text: '{"seq":1}\n' }),
    'audit.verify': () => ({
      valid: false,
      checked: 4,
      firstFault: { seq: 3, problem: 'hash' },
      notAnchored: 0,
      sentence: 'Entry 3 was changed.',
    }),
    'tools.call': () => ({ isError: false, content: [{ type: 'text', text: 'hello' }] }),
  }
  const operator = {
    set: options.operatorSet ?? true,
    tried: 0,
    isSet: () => operator.set,
    verify: async (given: string) => {
      operator.tried += 1
      return given === passphrase
    },
  }
  return { seen, answers, operator, events: new Events(), handlers: recording(seen, answers) }
}

function recording(seen: SeenCall[], answers: Record<string, (input: never) => unknown>): GatehouseHandlers {
  const areas = Object.entries(contract).map(([area, entries]) => {
    const names = Object.keys(entries)
    const handlers = names.map((name) => {
      const channel = `${area}.${name}`
      const handle = (input: unknown, caller: Caller) => {
        seen.push({ channel, input, caller })
        const answer = answers[channel]
        if (!answer) throw new Error(`no answer for ${channel}`)
        return answer(input as never)
      }
      return [name, handle] as const
    })
    return [area, Object.fromEntries(handlers)] as const
  })
  return Object.fromEntries(areas) as unknown as GatehouseHandlers
}

export function aQuestion(id: string, kind: 'call' | 'pair') {
  return {
    id,
    createdAt: 1_700_000_000_000,
    expiresAt: 1_700_000_300_000,
    client: 'Editor',
    workspace: 'personal',
    title: 'Editor wants to write notes.md',
    risk: 'medium',
    reasons: ['It writes a file.'],
    subject:
      kind === 'pair'
        ? { kind, clientName: 'Editor' }
        : {
            kind,
            server: 'filesystem',
            entry: 'filesystem__write_file',
            tool: 'write_file',
            arguments: { path: 'notes.md', content: 'secret words' },
            commands: [],
            urls: [],
            paths: ['notes.md'],
          },
    count: 1,
    scopes: [{ scope: 'once', consequence: 'Just this call.' }],
  }
}

const anApproval = (id: string) => ({
  id,
  state: 'pending',
  client: 'Editor',
  tool: 'filesystem__write_file',
  createdAt: 1_700_000_000_000,
  title: 'Editor wants to write notes.md',
})

const aGrant = () => ({
  id: 'gr_1',
  effect: 'allow',
  client: '*',
  tool: 'x',
  scope: 'rule',
  sentence: 'Every app may use x.',
  cedar: 'permit (principal, action, resource);',
  warnings: [],
  createdAt: 1_700_000_000_000,
  origin: 'you',
})
