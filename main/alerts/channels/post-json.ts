import { BlockList, isIP } from 'node:net'
import { inputInvalid } from '../../../shared/errors.ts'
import { ChannelProblem } from '../teller.ts'

/** For one message, from the first byte sent to the answer. */
export const patienceMs = 10_000

const here = new BlockList()
here.addSubnet('127.0.0.0', 8, 'ipv4')
here.addAddress('::1', 'ipv6')

/** Whether a host is this computer itself, by the only spellings that cannot lead elsewhere. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  const family = isIP(bare)
  return bare === 'localhost' || (family !== 0 && here.check(bare, family === 4 ? 'ipv4' : 'ipv6'))
}

/** @throws input.invalid for what is no address a message may go to */
export function channelAddress(text: string): URL {
  if (!URL.canParse(text)) throw inputInvalid('This is no address. Write it as https://HOST/PATH.')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') throw inputInvalid('The address must hold no user and no password.')
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url
  throw inputInvalid('The address must start with https://; with http:// only this computer is told.')
}

/**
 * Posts one document to the address the person set and nowhere else: no redirect is followed, the answer is not read.
 *
 * @throws ChannelProblem which names host and status, never the address
 */
export async function postJson(address: string, body: unknown, signal: AbortSignal): Promise<void> {
  const url = channelAddress(address)
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', 'user-agent': 'Gatehouse' },
    body: JSON.stringify(body),
    signal: AbortSignal.any([AbortSignal.timeout(patienceMs), signal]),
  }).catch((error: unknown) => {
    throw new ChannelProblem(`${url.host} ${reasonOf(error)}`)
  })
  await response.body?.cancel().catch(() => {})
  if (response.status >= 300 && response.status < 400)
    throw new ChannelProblem(`${url.host} answered with a redirect (${response.status}), which is not followed.`)
  if (!response.ok) throw new ChannelProblem(`${url.host} answered with ${response.status}.`)
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `did not answer within ${patienceMs / 1000} s.`
  const code = (error as { cause?: { code?: unknown } } | undefined)?.cause?.code
  return typeof code === 'string' ? `could not be reached (${code}).` : 'could not be reached.'
}
