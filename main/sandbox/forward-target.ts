import { BlockList, isIP } from 'node:net'
import { embeddedIPv4, isLocalName, isPrivateAddress } from './addresses.ts'

/** A `HOST:PORT` the person allowed that raw TCP is passed on to. */
export interface ForwardTarget {
  /** As the person wrote it. */
  readonly named: string
  /** A name, or an address in its plain spelling, IPv4 inside IPv6 as IPv4. */
  readonly host: string
  readonly port: number
  /** Where it may lie: a name that turns out to lie elsewhere is not dialled. */
  readonly reach: 'this computer' | 'local network' | 'internet'
}

/** Taken inside every sandbox by the ways to its proxy. */
const takenPorts: readonly number[] = [1080, 3128]
/** Reached through the proxy, as everything that speaks HTTP is. */
const webPorts: readonly number[] = [80, 443]

const loopback = listOf(['127.0.0.0/8', '::1/128'])
const localNetwork = listOf(['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'])

/** @returns undefined for what is not passed on: without a port, with a wildcard, link-local and multicast addresses */
export function forwardTarget(named: string): ForwardTarget | undefined {
  const port = Number(/:(\d+)$/.exec(named)?.[1])
  const url = URL.parse(`http://${named}`)
  if (!url?.hostname || named.includes('*') || url.pathname !== '/' || url.username || url.search || url.hash)
    return undefined
  if (!(port >= 1 && port <= 65535) || takenPorts.includes(port)) return undefined
  const host = plainHost(url.hostname)
  const reach = reachOf(host)
  if (reach === undefined || (reach === 'internet' && webPorts.includes(port))) return undefined
  return { named, host, port, reach }
}

export const forwardTargets = (hosts: readonly string[]): ForwardTarget[] =>
  hosts.flatMap((host) => forwardTarget(host) ?? [])

/** Whether a resolved address lies where its target may lie. */
export function liesWithin(address: string, reach: ForwardTarget['reach']): boolean {
  const plain = plainHost(address)
  if (reach === 'this computer') return isIn(loopback, plain)
  return reach === 'local network' ? isIn(localNetwork, plain) : isIP(plain) !== 0 && !isPrivateAddress(plain)
}

/** Addresses of this computer itself, which no name but `localhost` stands for. */
export const isLoopback = (address: string): boolean => isIn(loopback, plainHost(address))

/** Without brackets; IPv4 carried in IPv6 as IPv4. */
export function plainHost(host: string): string {
  const bare = host
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
  return isIP(bare) === 6 && bare !== '::1' ? (embeddedIPv4(bare) ?? bare) : bare
}

function reachOf(host: string): ForwardTarget['reach'] | undefined {
  if (/(^|\.)localhost$/.test(host)) return 'this computer'
  if (isIP(host) === 0) return isLocalName(host) ? 'local network' : 'internet'
  return (['this computer', 'local network', 'internet'] as const).find((reach) => liesWithin(host, reach))
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
