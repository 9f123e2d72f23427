import type { ActionKind, RiskLevel } from '../../shared/domain/verdict.ts'
import type { CallAttributes } from './call-attributes.ts'
import type { Grant } from './grant.ts'

const verbs = { allow: 'may use', ask: 'must ask before using', deny: 'may not use' } as const

/** A grant as the person reads it: “Cursor may use filesystem__read_* without asking until 2027-01-01 10:00 UTC.” */
export function grantSentence(grant: Omit<Grant, 'id' | 'seq' | 'createdAt'>): string {
  const who = grant.client === '*' ? 'Every app' : grant.client
  const what = grant.tool === '*' ? 'everything' : grant.tool
  const parts = [
    who,
    verbs[grant.effect],
    what,
    grant.path === undefined ? '' : `in ${grant.path}`,
    grant.effect === 'allow' ? 'without asking' : '',
    grant.scope === 'session' ? 'in this session' : '',
    grant.scope === 'arguments' ? 'with exactly the same arguments' : '',
    grant.expiresAt === undefined ? '' : `until ${utc(grant.expiresAt)}`,
  ]
  return `${parts.filter((part) => part !== '').join(' ')}.`
}

const utc = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const effects: Readonly<Record<ActionKind, string>> = {
  read: 'It would read.',
  write: 'It would change files or data.',
  delete: 'It may delete or overwrite something.',
  run: 'It would run a command.',
  send: 'It may send data out.',
  unknown: 'Nobody vouches for what it does.',
}

const pathSentences = {
  none: undefined,
  inside: undefined,
  outside: 'It names something outside the allowed folders.',
  'read-only': 'It would change something in a folder that may only be read.',
  undeclared: 'It names a path, and this server has no folders of its own.',
} as const

/** Why a call is asked about or refused, in plain sentences, most telling first. */
export function reasons(attributes: CallAttributes, trusted: boolean, sandbox: number): readonly string[] {
  return [
    pathSentences[attributes.paths],
    attributes.content === 'template' ? 'Its address was not among those you accepted.' : effects[attributes.action],
    trusted || attributes.known ? undefined : 'This server has not been trusted.',
    sandbox === 0 ? 'This server runs without a sandbox.' : undefined,
  ].filter((sentence) => sentence !== undefined)
}

export const firstUse = 'It has not been used before by this app.'

export function riskLevel(attributes: CallAttributes, trusted: boolean, sandbox: number): RiskLevel {
  const { action, paths, flow } = attributes
  if (flow !== 'none') return 'high'
  if (paths === 'outside' || paths === 'read-only') return 'high'
  if (action === 'delete' || action === 'run') return 'high'
  if (sandbox === 0 && !trusted) return 'high'
  return action === 'read' ? 'low' : 'medium'
}
