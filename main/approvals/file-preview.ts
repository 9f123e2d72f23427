import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { Sha256 } from '../../shared/domain/ids.ts'
import type { Json } from '../../shared/domain/json.ts'
import { applyEdits, type TextEdit } from '../../shared/domain/text-edits.ts'
import { type ExpectContent, sha256 } from './approval.ts'
import { type DiffLine, lineDiff } from './line-diff.ts'
import { isOwnFileTool } from './question-text.ts'

export interface Preview {
  /** Missing when the file is too large or not text: the content is pinned all the same. */
  readonly diff?: { readonly path: string; readonly lines: DiffLine[]; readonly truncated: boolean }
  readonly expectContent: ExpectContent
}

/** Bytes up to which a file's change is shown. */
const shownBytes = 256 * 1024
/** Bytes up to which a file is read to pin its content. */
const pinnedBytes = 64 * 1024 * 1024

/**
 * What a call of Gatehouse's own file tools would change, made from the file as it is now. Only inside an allowed
 * folder, so that a question never shows a file the call could not touch.
 * @returns undefined for every other call, and where nothing would change or nothing can be told
 */
export async function filePreview(call: CallFacts): Promise<Preview | undefined> {
  if (!isOwnFileTool(call)) return undefined
  const fact = call.paths.find((path) => path.pointer === '/path')
  if (!fact?.allowedBy) return undefined
  const present = contentOf(fact.real)
  if (present === 'unreadable') return undefined
  const expectContent: ExpectContent = { path: fact.real, sha256: present === 'absent' ? 'absent' : sha256(present) }
  const before = present === 'absent' ? '' : textOf(present)
  const after = before === undefined ? undefined : changedText(call, before)
  if (after === 'nothing') return undefined
  if (before === undefined || after === undefined || Buffer.byteLength(after) > shownBytes) return { expectContent }
  const { lines, truncated } = lineDiff(before, after)
  return { diff: { path: fact.real, lines: [...lines], truncated }, expectContent }
}

/** What the file holds now, as `filePreview` pinned it. */
export function contentNow(path: string): Sha256 | 'absent' | 'unreadable' {
  const present = contentOf(path)
  return typeof present === 'string' ? present : sha256(present)
}

/** @returns the text afterwards; 'nothing' when the call changes no file; undefined when it cannot be told */
function changedText(call: CallFacts, before: string): string | 'nothing' | undefined {
  const { content, edits, dryRun } = call.arguments
  switch (call.entry.ownName) {
    case 'write_file':
      return typeof content === 'string' ? content : undefined
    case 'edit_file':
      if (dryRun === true) return 'nothing'
      return isEdits(edits) ? textAfter(before, edits) : undefined
    case 'delete_file':
      return ''
    default:
      return 'nothing'
  }
}

/** @returns undefined when an edit finds no place: the server will refuse it */
function textAfter(before: string, edits: readonly TextEdit[]): string | undefined {
  const changed = applyEdits(before, edits)
  return 'text' in changed ? changed.text : undefined
}

function isEdits(value: Json | undefined): value is readonly (TextEdit & { readonly [key: string]: Json })[] {
  return Array.isArray(value) && value.every((edit) => isTexts(edit))
}
const isTexts = (edit: Json) =>
  typeof edit === 'object' &&
  edit !== null &&
  !Array.isArray(edit) &&
  typeof (edit as Record<string, Json>).oldText === 'string' &&
  typeof (edit as Record<string, Json>).newText === 'string'

/** Opened first, checked on the open handle: never a device, a pipe or, at the last name, a link. */
function contentOf(path: string): Buffer | 'absent' | 'unreadable' {
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unreadable'
  }
  try {
    const facts = fstatSync(handle)
    return facts.isFile() && facts.size <= pinnedBytes ? readFileSync(handle) : 'unreadable'
  } catch {
    return 'unreadable'
  } finally {
    closeSync(handle)
  }
}

/** @returns undefined when it is too large to show or not text */
function textOf(content: Buffer): string | undefined {
  if (content.length > shownBytes || content.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return undefined
  }
}
