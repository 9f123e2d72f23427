import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { ForwardTarget } from './forward-target.ts'
import { systemProgram } from './probe.ts'

/** One target as the inside of a sandbox has it. */
export interface InnerForward {
  readonly target: ForwardTarget
  /** Outside, and inside at `at`. */
  readonly socket: string
  readonly at: string
  /** Where a program inside finds it; a name is led there by the sandbox's own `/etc/hosts`. */
  readonly listen: readonly string[]
}

/** @param sockets one a target, in the same order */
export function innerForwards(targets: readonly ForwardTarget[], sockets: readonly string[]): InnerForward[] {
  return targets.map((target, place) => ({
    target,
    socket: sockets[place] ?? '',
    at: `/tmp/gatehouse-forward-${place}.sock`,
    listen: isIP(target.host) !== 0 ? [target.host] : /(^|\.)localhost$/.test(target.host) ? both : [stand(place)],
  }))
}

const both = ['127.0.0.1', '::1']
/** An address of the sandbox's own loopback for a name. */
const stand = (place: number) => `127.77.${place >> 8}.${(place & 255) + 1}`
const isLoopbackHere = (address: string) => address.startsWith('127.') || address === '::1'

/**
 * What bubblewrap has to allow while the forwarders are set up. The server itself runs in a user namespace of its own
 * (the system call filter makes it), in which none of this counts for the network.
 */
export function setUpCapabilities(forwards: readonly InnerForward[]): string[] {
  const low = forwards.some(({ target }) => target.port < 1024)
  const foreign = forwards.some(({ listen }) => !listen.every(isLoopbackHere))
  return [...(low ? ['--cap-add', 'CAP_NET_BIND_SERVICE'] : []), ...(foreign ? ['--cap-add', 'CAP_NET_ADMIN'] : [])]
}

/** `/etc/hosts` for the inside: the names that are passed on, then everything else as it is outside. */
export function hostsFile(forwards: readonly InnerForward[], present = presentHosts()): string {
  const named = forwards.filter(({ target }) => isIP(target.host) === 0 && !target.host.endsWith('localhost'))
  const lines = named.map(({ target, listen }) => `${listen[0]} ${target.host}`)
  return `${lines.join('\n')}\n${present}`
}

function presentHosts(): string {
  try {
    return readFileSync('/etc/hosts', 'utf8')
  } catch {
    return '127.0.0.1 localhost\n::1 localhost\n'
  }
}

/**
 * The forwarders' inner ends, started once the proxy's own two have their ports: the proxy's start counts ports to know
 * when it is ready. Then what follows runs.
 */
export function withForwards(forwards: readonly InnerForward[], command: readonly string[]): readonly string[] {
  if (forwards.length === 0) return command
  const start = forwards.flatMap(({ at, listen, target }) =>
    listen.flatMap((address) => [
      ...(isLoopbackHere(address)
        ? []
        : [`${ipProgram()} addr add ${address}/${isIP(address) === 6 ? 128 : 32} dev lo`]),
      `socat ${listener(address, target.port)} UNIX-CONNECT:${at} &`,
    ]),
  )
  const script = `${waiting}\n{ up 0C38; up 0438\n${start.join('\n')}\nwait; } >/dev/null 2>&1 &\nexec "$@"`
  return ['/usr/bin/bash', '-c', script, 'gatehouse-forward', ...command]
}

/** Waits inside, under the system call filter, until the forwarders can be reached; five seconds at most. One line. */
export function untilForwarded(forwards: readonly InnerForward[]): string {
  if (forwards.length === 0) return ''
  const rows = forwards.map(({ listen, target }) => `up ${procAddress(listen[0] ?? '')}:${hex(target.port, 4)}`)
  return `${waiting}; ${rows.join('; ')}; `
}

/** `up ADDRESS:PORT` or `up PORT`, as `/proc/net/tcp` writes them: until something listens there. */
const waiting =
  'up() { while [ $SECONDS -lt 5 ]; do for file in /proc/net/tcp /proc/net/tcp6; do [ -r $file ] || continue; ' +
  'while read -r _ place _ state _; do case $state in 0A) case $place in *$1) return ;; esac ;; esac; done < $file; ' +
  'done; sleep 0.01; done; }'

const listener = (address: string, port: number) =>
  isIP(address) === 6
    ? `TCP6-LISTEN:${port},bind=[${address}],ipv6only=1,fork,reuseaddr,backlog=128`
    : `TCP4-LISTEN:${port},bind=${address},fork,reuseaddr,backlog=128`

const ipProgram = () => ['/usr/sbin/ip', '/sbin/ip'].find((file) => existsSync(file)) ?? systemProgram('ip') ?? 'ip'
const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0')

/** IPv4 with its bytes turned round; for IPv6 nothing, so that only the port counts. */
const procAddress = (address: string) =>
  isIP(address) === 4
    ? address
        .split('.')
        .reverse()
        .map((byte) => hex(Number(byte), 2))
        .join('')
    : ''
