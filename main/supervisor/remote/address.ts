import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { inputInvalid } from '../../../shared/errors.ts'
import { isLocalName, isPrivateAddress } from '../../sandbox/addresses.ts'
import { RemoteProblem } from './remote-problem.ts'

/** Where the address the person gave lies: on this computer, in a private network, or on the internet. */
export type Place = 'here' | 'nearby' | 'internet'

export interface RemoteAddress {
  readonly url: URL
  readonly place: Place
  readonly encrypted: boolean
}

const schemes = new Set(['http:', 'https:', 'ws:', 'wss:'])

/**
 * The address as the person gave it, taken apart. Nothing is looked up.
 *
 * @param privateNetwork the person said that the name stands for a computer of a private network
 * @throws input.invalid when it is none Gatehouse connects to
 */
export function remoteAddress(text: string, privateNetwork = false): RemoteAddress {
  const url = parsed(text)
  if (!schemes.has(url.protocol)) throw inputInvalid('An address starts with https:// (or wss:// for a WebSocket).')
  if (url.username !== '' || url.password !== '')
    throw inputInvalid('An address must hold no user and no password. Give a secret as a header instead.')
  if (url.hash !== '') throw inputInvalid('An address ends before the “#”.')
  const place = placeOf(url.hostname, privateNetwork)
  const encrypted = url.protocol === 'https:' || url.protocol === 'wss:'
  if (!encrypted && place === 'internet')
    throw inputInvalid(
      'Over the internet only https:// (or wss://) is used: with http:// everybody on the way could read and change what is said.',
    )
  return { url, place, encrypted }
}

function parsed(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw inputInvalid('This is no address. Write it as https://HOST/PATH.')
  }
}

function placeOf(hostname: string, privateNetwork: boolean): Place {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (leadsHere(host) || /(^|\.)localhost$/i.test(host)) return 'here'
  return privateNetwork || isLocalName(host) ? 'nearby' : 'internet'
}

/** Addresses that lead to this computer, in every spelling: also as IPv4 inside IPv6, and the unspecified ones. */
const here = new BlockList()
here.addSubnet('127.0.0.0', 8, 'ipv4')
here.addAddress('0.0.0.0', 'ipv4')
here.addAddress('::1', 'ipv6')
here.addAddress('::', 'ipv6')
/** Where Debian's own host name leads: a person who names this computer as one of the network means it. */
const ownHostName = '127.0.1.1'

const leadsHere = (address: string) => isIP(address) !== 0 && here.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')

/**
 * Whether a connection may go to this address. A name of the internet never leads into this computer or its network,
 * whatever DNS says (DNS rebinding), one of the network never into this computer; what is not encrypted never leaves them.
 */
export function mayConnect({ place, encrypted }: RemoteAddress, address: string): boolean {
  if (place === 'here') return leadsHere(address)
  if (place === 'internet') return !isPrivateAddress(address)
  return (!leadsHere(address) || address === ownHostName) && (encrypted || isPrivateAddress(address))
}

/** Every address of the host that may be connected to. @throws RemoteProblem when there is none */
export function checkedAddresses(remote: RemoteAddress): Promise<{ address: string; family: number }[]> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, all: unknown) => (error ? reject(error) : resolve(all as never))
    checkedLookup(remote)(remote.url.hostname.replace(/^\[|\]$/g, ''), { all: true }, done as never)
  })
}

/** Resolves a name and hands on checked addresses only, so that what is checked is what is connected to. */
export function checkedLookup(remote: RemoteAddress): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [])
      const fit = found.filter(({ address }) => mayConnect(remote, address))
      const [first] = fit
      if (first === undefined) return callback(refused(hostname, remote, found[0]?.address), [])
      if (options.all) callback(null, fit)
      else callback(null, first.address, first.family)
    })
  }
}

/** Names are checked when they are looked up; an address given as such is not looked up. @throws RemoteProblem */
export function checkLiteral(remote: RemoteAddress): void {
  const host = remote.url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !mayConnect(remote, host)) throw refused(host, remote, host)
}

function refused(host: string, { place }: RemoteAddress, address = 'nothing'): RemoteProblem {
  const instead =
    place === 'internet'
      ? 'an address of this computer or a private network. If that is right, add it with --private-network.'
      : 'an address outside of it.'
  return new RemoteProblem(`its name “${host}” leads to ${address}, ${instead}`)
}
