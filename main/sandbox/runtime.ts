import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { SandboxManager, type SandboxViolationEvent } from '@anthropic-ai/sandbox-runtime'
import { privateRanges } from './addresses.ts'
import { processTree } from './process-tree.ts'
import type { RefusedHost } from './sandbox.ts'
import { shellWords } from './shell-words.ts'

/** A command as sandbox-runtime confines it, taken apart so that it can be spawned without a shell. */
export interface Wrapped {
  /** Namespaces and capabilities: bubblewrap options without mounts and environment. */
  readonly options: readonly string[]
  /** Proxy variables. They carry the proxy's password, so they travel in the environment, not on the command line. */
  readonly env: Readonly<Record<string, string>>
  /** The socket of the proxy, to be bound into the sandbox. */
  readonly proxySocket: string
  /** What runs inside: starts the proxy's inner end, applies the system call filter, then the command. */
  readonly command: readonly string[]
  /** The system call filter alone, for a command without any network. */
  readonly filter: readonly string[]
}

/**
 * sandbox-runtime as a library: its namespaces, its system call filter, its proxy with a list of hosts per command.
 * Its own file rules are not used, because they deny by list; `mounts.ts` allows by list.
 */
export class SandboxRuntime {
  #started: Promise<void> | undefined
  readonly #onHelper: (pid: number) => void

  /** @param onHelper told once about every process the library starts for its proxy, outside of any sandbox */
  constructor(onHelper: (pid: number) => void = () => {}) {
    this.#onHelper = onHelper
  }

  /** @returns an id nobody can guess; a command's network list and its refused hosts hang on it */
  newId = (): string => randomBytes(24).toString('base64url')

  async start(): Promise<void> {
    this.#started ??= this.#initialize()
    await this.#started
  }

  async #initialize(): Promise<void> {
    await SandboxManager.initialize({
      network: {
        allowedDomains: [],
        deniedDomains: ['localhost', '*.localhost', '127.0.0.1', '[::1]', '0.0.0.0', '169.254.169.254'],
        deniedResolvedAddresses: [...privateRanges],
      },
      filesystem: { disabled: true, denyRead: [], allowWrite: [], denyWrite: [] },
    })
    for (const pid of helpersOf(SandboxManager.getLinuxHttpSocketPath())) this.#onHelper(pid)
  }

  /** @param command one shell line; @throws Error when the library's answer isn't understood: nothing is then run */
  async wrap(command: string, id: string, name: string): Promise<Wrapped> {
    await this.start()
    const { argv } = await SandboxManager.wrapWithSandboxArgv(command, 'bash', undefined, undefined, undefined, {
      commandId: id,
      commandText: name,
    })
    SandboxManager.cleanupAfterCommand()
    return takenApart(shellWords(argv[2] ?? ''), SandboxManager.getLinuxHttpSocketPath())
  }

  /** @param hosts `host` or `host:port`, a leading `*.` allowed; local names and addresses are left out */
  allow(id: string, hosts: readonly string[]): void {
    SandboxManager.registerCommandNetworkLists(id, { allowedDomains: [...hosts] })
  }

  /** Hosts refused to one command, from the library's record of violations. @returns stop listening */
  onRefused(id: string, listener: (refused: RefusedHost) => void): () => void {
    const store = SandboxManager.getSandboxViolationStore()
    let seen = new Set<SandboxViolationEvent>(store.getViolationsForCommand(id))
    return store.subscribe(() => {
      const now = store.getViolationsForCommand(id)
      const fresh = now.filter((violation) => !seen.has(violation))
      seen = new Set(now)
      for (const violation of fresh) {
        const refused = refusedHost(violation.line)
        if (refused) listener(refused)
      }
    })
  }

  forget(id: string): void {
    SandboxManager.unregisterCommandNetworkLists(id)
  }

  async stop(): Promise<void> {
    if (!this.#started) return
    this.#started = undefined
    await SandboxManager.reset()
  }
}

/** Children of the app that serve the proxy's socket: they would outlive an app that is killed. */
function helpersOf(socket: string | undefined): number[] {
  if (!socket || process.platform !== 'linux') return []
  return processTree(process.pid)
    .map((one) => one.pid)
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(socket))
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** e.g. `deny network-outbound example.org:443 (host is not on the allow list)` */
function refusedHost(line: string): RefusedHost | undefined {
  const [, host, port] = /^deny network-outbound (\S+):(\d+) /.exec(line) ?? []
  return host && port ? { host, port: Number(port) } : undefined
}

const withoutValue = new Set([
  '--new-session',
  '--die-with-parent',
  '--unshare-net',
  '--unshare-pid',
  '--unshare-user',
  '--disable-userns',
])
const capabilities = new Set(['--cap-drop', '--cap-add'])
const oneValue = new Set(['--dev', '--proc', '--tmpfs', '--unsetenv'])
const twoValues = new Set(['--bind', '--ro-bind', '--setenv'])

function takenApart(words: readonly string[], socket: string | undefined): Wrapped {
  if (basename(words[0] ?? '') !== 'bwrap' || !socket) throw new Error('sandbox-runtime did not answer with bubblewrap')
  const options: string[] = []
  const env: Record<string, string> = {}
  let at = 1
  for (; words[at] !== '--'; at++) {
    const word = words[at] ?? ''
    if (withoutValue.has(word)) options.push(word)
    else if (capabilities.has(word)) options.push(word, words[++at] ?? '')
    else if (oneValue.has(word)) at += 1
    else if (twoValues.has(word)) {
      if (word === '--setenv') env[words[at + 1] ?? ''] = words[at + 2] ?? ''
      at += 2
    } else throw new Error(`sandbox-runtime used an unknown option ${word}`)
  }
  const command = words.slice(at + 1)
  for (const needed of ['--unshare-net', '--unshare-pid', '--unshare-user', '--die-with-parent']) {
    if (!options.includes(needed)) throw new Error(`sandbox-runtime left out ${needed}`)
  }
  return { options, env: proxyVariables(env), proxySocket: socket, command, filter: filterIn(command) }
}

/** The library's variables that concern the network; what describes the host to a program is left out. */
function proxyVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  const dropped =
    /^(SANDBOX_RUNTIME|TMPDIR|CLAUDE_CODE_.*|JAVA_TOOL_OPTIONS|GIT_CONFIG_COUNT|GIT_CONFIG_KEY_.*|GIT_CONFIG_VALUE_.*)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.test(name)))
}

/** The last line inside reads `NAME=0 …/apply-seccomp bash -c …`; the words up to the shell are the filter. */
function filterIn(command: readonly string[]): string[] {
  const script = shellWords(command[2] ?? '')[2] ?? ''
  const last = script.slice(script.lastIndexOf('\n') + 1)
  const [setting, filter] = last.split(' ')
  if (!setting || !filter || !/^[A-Z_]+=0$/.test(setting) || basename(filter) !== 'apply-seccomp') {
    throw new Error('sandbox-runtime has no system call filter for this computer')
  }
  return ['/usr/bin/env', setting, filter]
}
