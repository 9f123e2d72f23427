/** What can mislead in an address, as the person reads it. */
export type Misleading =
  | 'unreadable'
  | 'scheme'
  | 'plain'
  | 'userinfo'
  | 'letters'
  | 'nested'
  | 'number'
  | 'local'
  | 'port'
  | 'other'

/** An address as a browser understands it, in parts that together are all of it. */
export interface WebAddress {
  /** Scheme and what stands before the host. */
  readonly before: string
  /** Empty where there is none. */
  readonly host: string
  /** Port, path and the rest. */
  readonly after: string
  /** What decides whose it is: the last labels of the host. */
  readonly owner: string
  readonly misleading: readonly Misleading[]
}

/** Reads an address as a browser would (WHATWG URL), and names what in it could be taken for something else. */
export function readAddress(text: string): WebAddress {
  if (!URL.canParse(text)) return { before: '', host: '', after: text, owner: '', misleading: ['unreadable'] }
  const url = new URL(text)
  const { href, host: hostAndPort, hostname: host } = url
  const at =
    host === '' ? -1 : href.indexOf(hostAndPort, hasUserinfo(url) ? href.indexOf('@') + 1 : url.protocol.length)
  const owner = ownerOf(host)
  return {
    before: at < 0 ? '' : href.slice(0, at),
    host,
    after: at < 0 ? href : href.slice(at + host.length),
    owner,
    misleading: misleadingIn(text, url, owner),
  }
}

const hasUserinfo = ({ username, password }: URL) => username !== '' || password !== ''
const isNumber = (host: string) => /^(?:\d+\.){3}\d+$/.test(host) || host.startsWith('[')
const isLocal = (host: string) =>
  /^(?:localhost|.*\.(?:localhost|local|internal|lan|home\.arpa))$/.test(host) ||
  /^(?:127|10|0)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^\[(?:::1?|f[cd].*|fe80.*)\]$/.test(host) ||
  !(host.includes('.') || host.startsWith('['))

/** Labels under which names are given out as under a country's own, `co.uk` for one. */
const secondLevel = /^(?:com|co|org|net|gov|gob|edu|ac|or|ne|go)$/
const ending = /^(?:com|org|net|gov|edu|io|app|dev)$/

/** The registered name as far as can be said without a list of all: two labels, three below such as `co.uk`. */
function ownerOf(host: string): string {
  if (host === '' || isNumber(host)) return host
  const labels = host.split('.')
  const [last = '', before = ''] = labels.toReversed()
  return labels.slice(last.length === 2 && secondLevel.test(before) ? -3 : -2).join('.')
}

function misleadingIn(text: string, url: URL, owner: string): Misleading[] {
  const { hostname: host, protocol, port, href } = url
  const found: [boolean, Misleading][] = [
    [protocol !== 'https:' && protocol !== 'http:', 'scheme'],
    [protocol === 'http:', 'plain'],
    [hasUserinfo(url), 'userinfo'],
    [host.split('.').some((label) => label.startsWith('xn--')), 'letters'],
    [isNested(host, owner), 'nested'],
    [isNumber(host), 'number'],
    [host !== '' && isLocal(host), 'local'],
    [port !== '', 'port'],
    [isOther(text, href), 'other'],
  ]
  return found.filter(([is]) => is).map(([, what]) => what)
}

/** Another site's name in front of the one that decides: `bank.com.example.org`, `bank-com.example.org`. */
function isNested(host: string, owner: string): boolean {
  if (isNumber(host)) return false
  const inFront = host.slice(0, host.length - owner.length).split('.')
  const firstOfOwner = owner.split('.')[0] ?? ''
  return inFront.some((label) => ending.test(label)) || [...inFront, firstOfOwner].some(namesAnother)
}
const namesAnother = (label: string) =>
  label.split('-').some((word, at, words) => words.length > 1 && at > 0 && /^(?:com|org|net|gov)$/.test(word))

/** Written otherwise than a browser reads it, a slash at the end and percent signs aside. */
const isOther = (text: string, href: string) => bare(text) !== bare(href)
const bare = (address: string) => {
  try {
    return decodeURI(address).replace(/\/$/, '')
  } catch {
    return address.replace(/\/$/, '')
  }
}
