import type { GuardedCall } from '../serve-contract.ts'

/** What the person is asked about when the command line wants something confirmed in the window. */
export interface VerbDescription {
  readonly verb: string
  readonly details: readonly string[]
}

const secretFields: ReadonlySet<string> = new Set([
  'value',
  'passphrase',
  'current',
  'clientSecret',
  'secrets',
  'pasted',
])

/** The verb and everything it was given, a line each, untruncated; secrets are only named. */
export function describeVerb({ channel, input }: GuardedCall): VerbDescription {
  const fields = input !== null && typeof input === 'object' ? Object.entries(input) : []
  const given = fields.filter(([, value]) => value !== undefined)
  return { verb: channel.replace('.', ' '), details: given.map(([name, value]) => `${name}: ${shown(name, value)}`) }
}

function shown(name: string, value: unknown): string {
  if (secretFields.has(name)) return '(hidden)'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
