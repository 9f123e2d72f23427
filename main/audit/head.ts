import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { writeAtomically } from '../store/atomic-file.ts'
import { noHash } from './entry.ts'
import type { Journal } from './journal.ts'

/** How far the chain went, and what its newest entry was. */
export interface Head {
  readonly seq: number
  readonly hash: string
}
/** Where the head is kept out of reach of whoever edits files: the key ring. */
export interface AnchorStore {
  get(name: string): Promise<Buffer | undefined>
  set(name: string, value: Buffer): Promise<void>
}
/** What is kept of the head outside the journal. */
export interface KeptHeads {
  readonly anchor?: Head
  readonly head?: Head
  /** `head.json` is there and not signed by us. */
  readonly forged: boolean
}

interface SignedHead extends Head {
  readonly time: number
  readonly signature: string
}

const anchorName = 'audit-anchor'
const everyEntries = 100
const everyMs = 1000
/** However fast entries come, the disk and the keychain are left alone for so long. */
const restMs = 200
/** After a failure, e.g. a locked keychain. */
const retryMs = 5000

/** The file is written first, the keychain after: a file behind the keychain was rolled back. */
export class HeadKeeper {
  readonly #file: string
  readonly #journal: Journal
  readonly #key: KeyObject
  readonly #anchors: AnchorStore
  readonly #onProblem: (problem: string) => void
  #anchored = 0
  #lastRun = 0
  #timer: NodeJS.Timeout | undefined
  #dueAt = Number.POSITIVE_INFINITY
  #running: Promise<void> | undefined

  constructor(
    folder: string,
    journal: Journal,
    key: KeyObject,
    anchors: AnchorStore,
    onProblem: (problem: string) => void,
  ) {
    this.#file = headFile(folder)
    this.#journal = journal
    this.#key = key
    this.#anchors = anchors
    this.#onProblem = onProblem
  }

  /** An entry was written. Never waits. */
  grown(): void {
    const behind = this.#journal.seq - this.#anchored
    const now = performance.now()
    const due = behind >= everyEntries ? Math.max(now, this.#lastRun + restMs) : now + everyMs
    if (due < this.#dueAt) this.#schedule(due - now)
  }

  /** Signs and anchors what there is now; after that a shortened journal is found. */
  async anchor(): Promise<void> {
    await this.#running
    const { seq, hash } = this.#journal
    if (seq === this.#anchored) return
    await this.#journal.sync()
    await writeAtomically(this.#file, signedHead({ seq, hash }, this.#key))
    await this.#anchors.set(anchorName, Buffer.from(JSON.stringify({ seq, hash })))
    this.#anchored = seq
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#dueAt = Number.NEGATIVE_INFINITY
    await this.anchor().catch((error: Error) => this.#onProblem(error.message))
  }

  #schedule(inMs: number): void {
    clearTimeout(this.#timer)
    this.#dueAt = performance.now() + inMs
    this.#timer = setTimeout(() => this.#run(), Math.max(0, inMs))
    this.#timer.unref()
  }

  #run(): void {
    this.#dueAt = Number.POSITIVE_INFINITY
    if (this.#running) {
      this.#schedule(restMs)
      return
    }
    this.#lastRun = performance.now()
    const run = this.anchor().catch((error: Error) => this.#failed(error))
    this.#running = run.finally(() => {
      this.#running = undefined
      if (this.#journal.seq > this.#anchored) this.grown()
    })
  }

  #failed(error: Error): void {
    this.#lastRun = performance.now() + retryMs
    this.#onProblem(error.message)
  }
}

/** Before the first entry: from then on a log without an anchor is one that somebody took the anchor from. */
export async function anchorBeginning(anchors: AnchorStore): Promise<void> {
  await anchors.set(anchorName, Buffer.from(JSON.stringify({ seq: 0, hash: noHash })))
}

export const headFile = (folder: string) => join(folder, 'head.json')

/** Read in this order: anchor, file, and by the caller the journal; each is then at least as far as the one before. */
export async function keptHeads(folder: string, key: KeyObject, anchors: AnchorStore): Promise<KeptHeads> {
  const anchor = await anchors.get(anchorName)
  const text = await readFile(headFile(folder), 'utf8').catch(() => undefined)
  const head = text === undefined ? undefined : checkedHead(text, key)
  return {
    ...(anchor ? { anchor: JSON.parse(anchor.toString()) as Head } : {}),
    ...(head ? { head } : {}),
    forged: text !== undefined && !head,
  }
}

/** What is wrong with the kept heads, looked at together with the journal. */
export function headFault(
  kept: KeptHeads,
  lastSeq: number,
  hashAt: (seq: number) => string | undefined,
): { seq: number; problem: string } | undefined {
  const { anchor, head } = kept
  if (kept.forged) return { seq: lastSeq, problem: 'the signed head (head.json) was changed' }
  if (!anchor)
    return lastSeq === 0 && !head ? undefined : { seq: lastSeq, problem: 'the anchor in the keychain is missing' }
  if (anchor.seq > lastSeq) return { seq: lastSeq + 1, problem: `entries ${lastSeq + 1} to ${anchor.seq} are missing` }
  if (anchor.seq > 0 && hashAt(anchor.seq) !== anchor.hash)
    return { seq: anchor.seq, problem: `entry ${anchor.seq} is not the one that was anchored: the chain was rewritten` }
  if (anchor.seq > 0 && (!head || head.seq < anchor.seq))
    return { seq: head ? head.seq + 1 : 1, problem: 'the signed head (head.json) was removed or rolled back' }
  if (head && head.seq > lastSeq)
    return { seq: lastSeq + 1, problem: `entries ${lastSeq + 1} to ${head.seq} are missing` }
  if (head && hashAt(head.seq) !== head.hash)
    return { seq: head.seq, problem: `entry ${head.seq} is not the one that was signed: the chain was rewritten` }
  return undefined
}

/** The head as text, with a signature over its RFC 8785 form. */
export function signedHead(head: Head, key: KeyObject): string {
  const body = { ...head, time: Date.now() }
  const signature = sign(null, Buffer.from(canonicalJson(body)), key).toString('base64')
  return `${JSON.stringify({ ...body, signature })}\n`
}

/** @param key private or public. @returns undefined when it was not signed by this key */
export function checkedHead(text: string, key: KeyObject): Head | undefined {
  try {
    const { seq, hash, time, signature } = JSON.parse(text) as SignedHead
    const body = Buffer.from(canonicalJson({ seq, hash, time }))
    const right = verify(
      null,
      body,
      key.type === 'private' ? createPublicKey(key) : key,
      Buffer.from(signature, 'base64'),
    )
    return right ? { seq, hash } : undefined
  } catch {
    return undefined
  }
}
