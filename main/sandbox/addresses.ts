import { BlockList, isIP } from 'node:net'

/**
 * Addresses no server reaches through the proxy: this computer, the local network, link-local and metadata services,
 * carrier-grade NAT, multicast. IPv4 inside IPv6 (mapped, NAT64, 6to4) is judged as IPv4.
 *
 * @see RFC 6890, special-purpose address registries
 */
export const privateRanges: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  '64:ff9b:1::/48',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

const blocked = new BlockList()
for (const range of privateRanges) {
  const [network = '', prefix] = range.split('/')
  blocked.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4')
}

/** A literal address that is not on the public internet; anything that is no address counts as one. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const family = isIP(bare)
  if (family === 4) return blocked.check(bare, 'ipv4')
  if (family !== 6) return true
  const inner = embeddedIPv4(bare)
  return blocked.check(bare, 'ipv6') || (inner !== undefined && blocked.check(inner, 'ipv4'))
}

/** Names that stand for this computer or the local network. */
export function isLocalName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (isIP(name.replace(/^\[|\]$/g, ''))) return isPrivateAddress(name)
  return (
    !name.includes('.') || /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa)$/.test(name)
  )
}

/** The IPv4 address carried in `::ffff:a.b.c.d`, `64:ff9b::/96`, `::/96` or `2002::/16`. */
export function embeddedIPv4(address: string): string | undefined {
  const groups = expanded(address)
  if (groups[0] === 0x2002) return dotted(groups[1] ?? 0, groups[2] ?? 0)
  const head = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':')
  return ['0:0:0:0:0:ffff', '0:0:0:0:0:0', '64:ff9b:0:0:0:0', '0:0:0:0:ffff:0'].includes(head)
    ? dotted(groups[6] ?? 0, groups[7] ?? 0)
    : undefined
}

const dotted = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join('.')

/** The eight groups of an IPv6 address. */
function expanded(address: string): number[] {
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a, b, c, d) =>
    [(Number(a) << 8) | Number(b), (Number(c) << 8) | Number(d)].map((group) => group.toString(16)).join(':'),
  )
  const [head = '', tail] = text.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  return [...left, ...new Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right]
}
