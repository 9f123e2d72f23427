import { expect, it } from 'vitest'
import { emptySignIn } from '../../renderer/features/servers/machine-sign-in-form.ts'
import { checkRemote, emptyRemote } from '../../renderer/features/servers/remote-draft.ts'
import { remoteDraft } from '../../shared/contract/remote.ts'

const filled = {
  ...emptySignIn,
  issuer: 'https://login.example',
  clientId: 'robot',
  secret: 'sesame',
  tokenFile: '/run/token',
  providerUrl: 'https://idp.example/token',
  providerIssuer: 'https://idp.example',
  providerId: 'gatehouse',
}
const form = { ...emptyRemote, name: 'far', url: 'https://mcp.example/mcp' }

it.each(['client-secret', 'client-key', 'workload', 'company', 'company-page'] as const)(
  'turns a sign-in by %s into what the contract takes, its secrets apart',
  (kind) => {
    const checked = checkRemote({ ...form, signIn: { ...filled, kind } })
    if (typeof checked === 'string') throw new Error(checked)
    expect(remoteDraft.parse(checked.draft).signIn).toMatchObject({ kind, issuer: 'https://login.example' })
    expect(JSON.stringify(checked.draft)).not.toContain('sesame')
    expect(Object.values(checked.secrets)).toEqual(kind === 'workload' ? [] : ['sesame'])
  },
)

it('says when something a sign-in needs is missing, and asks nothing of a person who signs in themself', () => {
  expect(checkRemote({ ...form, signIn: { ...emptySignIn, kind: 'client-secret' } })).toBe('remote.problem.signIn')
  expect(checkRemote(form)).toMatchObject({ draft: { name: 'far' }, secrets: {} })
})
