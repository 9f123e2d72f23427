import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { GatehouseApi } from '../../shared/contract/contract.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { type OpenWindow, openWindow } from '../support/open-window.ts'
import { operatorPassphrase, type RunningApp } from '../support/running-app.ts'
import { SignInService } from '../support/sign-in-service.ts'

interface Given {
  readonly url: string
  readonly scenario: string
  readonly context: Readonly<Partial<Record<string, string>>>
}

/** The person’s patience with one that asks again and again. */
const mostSignIns = 3

/**
 * Plays the person and their AI app in the suite’s sign-in scenarios, against a running Gatehouse: adds the server, signs in
 * with a browser that agrees to everything, and calls each tool, signing in again where Gatehouse asks for it.
 */
export async function signInRelay(app: RunningApp) {
  const window = await openWindow(app)
  await window.confirm(operatorPassphrase)
  const api = apiOf(window)
  let added = 0
  const server = createServer(async (request, response) => {
    const name = `suite-${++added}` as ServerName
    try {
      await play(api, name, JSON.parse(await text(request)) as Given)
      response.writeHead(200).end('done')
    } catch (error) {
      response.writeHead(500).end(String(error instanceof Error ? error.stack : error))
    } finally {
      await api.servers.remove({ name }).catch(() => undefined)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    env: { GATEHOUSE_SUITE_RELAY: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    end: async () => {
      window.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The contract over the window's socket. A refusal is thrown as its sentence. */
function apiOf(window: OpenWindow): GatehouseApi {
  const verb = (channel: string) => async (input: unknown) => {
    const answer = await window.ask(channel, input)
    if (answer.ok !== true) throw new Error((answer.error as { sentence: string }).sentence)
    return answer.value
  }
  const area = (name: string) => new Proxy({}, { get: (_, key) => verb(`${name}.${String(key)}`) })
  return new Proxy({}, { get: (_, name) => area(String(name)) }) as GatehouseApi
}

async function play(api: GatehouseApi, name: ServerName, { url, scenario, context }: Given): Promise<void> {
  const byItself = await machineSignIn(url, { ...context, name: scenario })
  await api.remote.add({ name, url, headers: [], transport: 'http', trusted: true, acceptPins: true, ...byItself })
  const { client_id: clientId, client_secret: clientSecret } = context
  const own = clientId === undefined ? {} : { clientId, ...(clientSecret === undefined ? {} : { clientSecret }) }
  const person = { signIns: 0 }
  await signInWhereAsked(api, name, own, person)
  await accept(api, name)
  const { tools } = await api.tools.list({ server: name })
  for (const tool of tools)
    for (;;) {
      const refusal = await api.tools.call({ name: tool.name, arguments: {} }).then(
        () => undefined,
        (error: Error) => error,
      )
      if (refusal === undefined || !(await signInWhereAsked(api, name, own, person))) break
    }
  for (const tool of tools) await api.tools.call({ name: tool.name, arguments: {} }).catch(() => undefined)
  if (await signInWhereAsked(api, name, own, person))
    for (const tool of tools) await api.tools.call({ name: tool.name, arguments: {} })
}

/** What a person configures who was given this by their company or cloud; the service’s address is part of it. */
async function machineSignIn(
  url: string,
  given: Given['context'],
): Promise<Pick<Parameters<GatehouseApi['remote']['add']>[0], 'signIn' | 'secrets'>> {
  const { client_id: clientId = '', client_secret: secret, private_key_pem: key, valid_jwt: workload } = given
  const { idp_id_token: idToken, idp_token_endpoint: tokenUrl = '', idp_client_id: providerId = '' } = given
  if (key !== undefined)
    return {
      signIn: { kind: 'client-key', issuer: await issuerOf(url), clientId, keySecret: 'KEY' },
      secrets: { KEY: key },
    }
  if (workload !== undefined)
    return {
      signIn: { kind: 'workload', issuer: await issuerOf(url), clientId, token: { secret: 'TOKEN' } },
      secrets: { TOKEN: workload },
    }
  if (idToken !== undefined && secret !== undefined) {
    const provider = { tokenUrl, clientId: providerId }
    return {
      signIn: {
        kind: 'company',
        issuer: await issuerOf(url),
        clientId,
        secret: 'SECRET',
        token: { secret: 'TOKEN' },
        provider,
      },
      secrets: { SECRET: secret, TOKEN: idToken },
    }
  }
  if (secret !== undefined && given.name === 'auth/client-credentials-basic')
    return {
      signIn: { kind: 'client-secret', issuer: await issuerOf(url), clientId, secret: 'SECRET' },
      secrets: { SECRET: secret },
    }
  return {}
}

async function issuerOf(url: string): Promise<string> {
  const answer = await fetch(new URL('/.well-known/oauth-protected-resource/mcp', url))
  return ((await answer.json()) as { authorization_servers: [string] }).authorization_servers[0]
}

/** @returns whether Gatehouse wanted it, and it was done */
async function signInWhereAsked(
  api: GatehouseApi,
  server: ServerName,
  own: { readonly clientId?: string; readonly clientSecret?: string },
  person: { signIns: number },
): Promise<boolean> {
  const { signIns } = await api.signIns.list()
  const state = signIns.find((one) => one.server === server)?.state
  if ((state !== 'sign-in' && state !== 'more') || person.signIns >= mostSignIns) return false
  person.signIns++
  const { id, url } = await api.signIns.begin({ server, ...own })
  const ended = api.signIns.wait({ id })
  ended.catch(() => {}) // awaited below
  await SignInService.browse(url)
  await ended
  return true
}

async function accept(api: GatehouseApi, name: ServerName): Promise<void> {
  const { changes } = await api.servers.review({ name })
  const pins = changes.flatMap((change) => (change.pin === undefined ? [] : [{ name: change.name, pin: change.pin }]))
  if (pins.length > 0) await api.servers.accept({ name, pins })
}
