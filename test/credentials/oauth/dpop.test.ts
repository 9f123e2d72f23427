import { afterEach, beforeEach, expect, it } from 'vitest'
import { secretsWithin, signInSecretName } from '../../../main/credentials/oauth/sign-in-record.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { ProofOfPossession } from '../../support/proof-of-possession.ts'
import { SignInService } from '../../support/sign-in-service.ts'
import { aSignIn } from './a-sign-in.ts'

let service: SignInService
let possession: ProofOfPossession

beforeEach(async () => {
  service = await new SignInService().start()
  possession = new ProofOfPossession()
  service.possession = possession
})
afterEach(() => service.stop())

const schemes = () => service.at('/mcp').flatMap(({ authorization }) => authorization?.split(' ')[0] ?? [])

it('binds tokens to a key where the service does, proves it anew with every request, and renews with it', async () => {
  const { signIn, call, clock, credentials } = await aSignIn(service)
  await signIn()
  expect(await call('read')).toBe('did read')
  expect(await call('read')).toBe('did read')
  clock.now += 3_590_000
  expect(await call('read')).toBe('did read')
  expect(schemes()).toEqual(['DPoP', 'DPoP', 'DPoP'])
  expect(service.at('/token').map(({ form }) => form.grant_type)).toEqual(['authorization_code', 'refresh_token'])
  const kept = credentials.kept('files' as ServerName, signInSecretName) ?? ''
  expect(secretsWithin(signInSecretName, kept)).toContain(JSON.parse(kept).grant.key.d)
})

it('keeps the key over a restart', async () => {
  const before = await aSignIn(service)
  await before.signIn()
  const after = await aSignIn(service, { credentials: before.credentials })
  expect(await after.call('read')).toBe('did read')
})

it('answers a nonce, and takes the next one from any answer without being refused first', async () => {
  possession.nonce = 'first'
  const { signIn, call } = await aSignIn(service)
  await signIn()
  expect(await call('read')).toBe('did read')
  const asked = service.at('/mcp').length
  expect(await call('read')).toBe('did read')
  expect(service.at('/mcp').length).toBe(asked + 1)
  possession.nonce = 'second'
  expect(await call('read')).toBe('did read')
  expect(service.at('/mcp').length).toBe(asked + 3)
})

it('gives up on a server that is content with no nonce', async () => {
  const { signIn, call, state } = await aSignIn(service)
  await signIn()
  let given = 0
  Object.defineProperty(possession, 'nonce', { get: () => `never-${given++}` })
  await expect(call('read')).rejects.toThrow('HTTP 401')
  expect(service.at('/mcp').length).toBeLessThan(6)
  expect(state()).toMatchObject({ state: 'signed-in' })
})

it('takes no bound token that it did not ask for', async () => {
  service.possession = undefined
  service.twist = { token: (answer) => ({ ...answer, token_type: 'DPoP' }) }
  const { signIn } = await aSignIn(service)
  await expect(signIn()).rejects.toMatchObject({ code: 'server.sign-in-failed' })
})
