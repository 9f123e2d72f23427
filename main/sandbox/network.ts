import { mkdtempSync, rmSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { isLocalName } from './addresses.ts'
import { type InnerForward, innerForwards } from './forward-inside.ts'
import { type ForwardTarget, forwardTargets } from './forward-target.ts'
import { Forwarder, isOwn } from './forwarder.ts'
import { PublicEgress } from './public-egress.ts'
import type { SandboxRuntime } from './runtime.ts'
import type { RefusedHost } from './sandbox.ts'

/** How one process reaches out of its sandbox. */
export interface Network {
  /** Of a proxy of its own, instead of the library's. */
  readonly socket: string | undefined
  readonly forwards: readonly InnerForward[]
  readonly env: (proxy: Readonly<Record<string, string>>) => Readonly<Record<string, string>>
  readonly onRefused: (listener: (refused: RefusedHost) => void) => () => void
  /** Reached from now on, beside what was; @returns false when only a new process can be given them */
  readonly allowHosts: (hosts: readonly string[]) => boolean
  readonly release: () => Promise<void>
}

/** @param id of the process in sandbox-runtime's lists */
export async function networkFor(server: ServerConfig, id: string, runtime: SandboxRuntime): Promise<Network> {
  if (server.sandbox >= 3) return noNetwork
  const out = server.sandbox === 1 ? await anyPublicHost() : await namedHostsOnly(server, id, runtime)
  try {
    return await withForwarder(server, out)
  } catch (problem) {
    await out.release()
    throw problem
  }
}

const noNetwork: Network = {
  socket: undefined,
  forwards: [],
  env: () => ({}),
  onRefused: () => () => {},
  allowHosts: () => false,
  release: async () => {},
}

async function namedHostsOnly(server: ServerConfig, id: string, runtime: SandboxRuntime): Promise<Network> {
  await runtime.start()
  runtime.allow(id, namedHosts(server.allowedHosts))
  return {
    ...noNetwork,
    env: (proxy) => proxy,
    onRefused: (listener) => runtime.onRefused(id, listener),
    allowHosts: (hosts) => {
      runtime.allow(id, namedHosts(hosts))
      return true
    },
    release: async () => runtime.forget(id),
  }
}

/** Level 1 goes out by a proxy of its own that knows the server by its socket and refuses what is not public. */
async function anyPublicHost(): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-'))
  const socket = join(folder, 'out.sock')
  const { listeners, tell } = listening()
  const egress = new PublicEgress(tell)
  await egress.listen(socket)
  return {
    ...noNetwork,
    socket,
    env: withoutLibraryProxy,
    onRefused: listeners,
    allowHosts: () => true,
    release: async () => {
      await egress.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Adds the forwarders of what the person allowed by `HOST:PORT`. */
async function withForwarder(server: ServerConfig, out: Network): Promise<Network> {
  const named = forwardTargets(server.allowedHosts)
  const known = new Set(named.map((target) => target.named))
  const targets = named.filter((target) => !isOwn(standsFor(target), target.port))
  const allowHosts = (hosts: readonly string[]) =>
    forwardTargets(hosts).every((target) => known.has(target.named)) && out.allowHosts(hosts)
  if (targets.length === 0) return { ...out, allowHosts }
  const { listeners, tell } = listening()
  const forwarder = new Forwarder(tell)
  const sockets: string[] = []
  for (const target of targets) sockets.push(await forwarder.listen(target))
  const direct = targets.filter(({ reach }) => reach !== 'internet').map(({ host }) => host)
  return {
    ...out,
    forwards: innerForwards(targets, sockets),
    env: (proxy) => withoutProxyFor(direct, out.env(proxy)),
    onRefused: (listener) => {
      const stops = [out.onRefused(listener), listeners(listener)]
      return () => {
        for (const stop of stops) stop()
      }
    },
    allowHosts,
    release: async () => {
      await forwarder.stop()
      await out.release()
    },
  }
}

/** What is Gatehouse's own already now is not even there to be dialled. */
const standsFor = ({ host, reach }: ForwardTarget) =>
  reach === 'this computer' && isIP(host) === 0 ? '127.0.0.1' : host

function listening() {
  const all = new Set<(refused: RefusedHost) => void>()
  return {
    listeners: (listener: (refused: RefusedHost) => void) => {
      all.add(listener)
      return () => all.delete(listener)
    },
    tell: (refused: RefusedHost) => {
      for (const listener of all) listener(refused)
    },
  }
}

/** The same variables, without the user name and password of a proxy this server never meets. */
function withoutLibraryProxy(env: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => /^(https?_proxy|all_proxy|grpc_proxy|no_proxy)$/i.test(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, value.replace(/\/\/[^@/]*@/, '//')]))
}

/** What is passed on is dialled as it is named, not through the proxy. */
function withoutProxyFor(hosts: readonly string[], env: Readonly<Record<string, string>>): Record<string, string> {
  const direct = (name: string) => [env[name], ...hosts].filter(Boolean).join(',')
  return { ...env, NO_PROXY: direct('NO_PROXY'), no_proxy: direct('no_proxy') }
}

/** The hosts the person named, without those that stand for this computer or the local network. */
export const namedHosts = (hosts: readonly string[]): string[] =>
  hosts.filter((host) => !isLocalName(host.replace(/^\*\./, '').replace(/:\d+$/, '')))
