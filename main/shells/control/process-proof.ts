import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, statSync, unlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Program } from '../../../shared/domain/call.ts'

/** Who is at the other end, as the operating system shows it. */
export interface ProvenProcess {
  readonly program: Program
  /**
   * The terminal session: session and terminal, and the parent process with its start time, so that another program in the
   * same terminal is another session.
   */
  readonly terminal: string
  /** It has a controlling terminal. */
  readonly onTerminal: boolean
}

/**
 * A process shows which one it is by opening a file only it was told of: then the file stands among its open files in
 * /proc, where nobody else can put it. Elsewhere than on Linux nothing is proven.
 */
export class ProcessChallenge {
  readonly path: string

  /** @param folder readable by this user only */
  constructor(folder: string) {
    this.path = join(folder, `who-${randomBytes(16).toString('hex')}`)
    closeSync(openSync(this.path, 'wx', 0o600))
  }

  /** Looks once, and takes the challenge away. @returns undefined when `pid` does not hold the file open */
  check(pid: number): ProvenProcess | undefined {
    try {
      return holdsOpen(pid, this.path) ? describeProcess(pid) : undefined
    } catch {
      return undefined // gone meanwhile, another user's, or no /proc
    } finally {
      this.withdraw()
    }
  }

  withdraw(): void {
    try {
      unlinkSync(this.path)
    } catch {
      // already taken away
    }
  }
}

function holdsOpen(pid: number, path: string): boolean {
  const wanted = statSync(path)
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      const open = statSync(`/proc/${pid}/fd/${fd}`)
      return open.ino === wanted.ino && open.dev === wanted.dev
    } catch {
      return false // closed meanwhile
    }
  })
}

interface ProcessFacts {
  readonly name: string
  readonly parent: number
  readonly session: number
  readonly terminal: number
  /** Clock ticks since boot: with the pid it names one process only. */
  readonly startedAt: string
}

/** @see man 5 proc_pid_stat: the name stands in parentheses and may hold anything. */
function factsOf(pid: number): ProcessFacts {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const nameEnd = text.lastIndexOf(')')
  const name = text.slice(text.indexOf('(') + 1, nameEnd)
  const [, parent, , session, terminal, ...rest] = text.slice(nameEnd + 2).split(' ')
  return {
    name,
    parent: Number(parent),
    session: Number(session),
    terminal: Number(terminal),
    startedAt: rest[14] ?? '',
  }
}

/** The executable's file name; a process may call itself what it likes (Node says MainThread). */
function nameOf(pid: number, facts: ProcessFacts): string {
  try {
    const executable = readlinkSync(`/proc/${pid}/exe`)
    return executable.startsWith('/memfd:') ? facts.name : basename(executable.replace(/ \(deleted\)$/, ''))
  } catch {
    return facts.name // another user's process, or the kernel's
  }
}

const mostParents = 8

function describeProcess(pid: number): ProvenProcess {
  const own = factsOf(pid)
  const parent = own.parent > 0 ? factsOf(own.parent) : undefined
  return {
    program: {
      pid,
      name: nameOf(pid, own),
      executable: readlinkSync(`/proc/${pid}/exe`),
      parents: parentNames(own.parent),
    },
    terminal: [own.session, own.terminal, own.parent, parent?.startedAt ?? ''].join(':'),
    onTerminal: own.terminal !== 0,
  }
}

function parentNames(first: number): readonly string[] {
  const names: string[] = []
  try {
    for (let pid = first; pid > 0 && names.length < mostParents; ) {
      const facts = factsOf(pid)
      names.push(nameOf(pid, facts))
      pid = facts.parent
    }
  } catch {
    // an ancestor ended while we looked
  }
  return names
}
