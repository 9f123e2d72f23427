import { isLetterOrDigit } from './content/content-filter.ts'

const pathWords: ReadonlySet<string> = new Set(
  'path paths file files filename filenames filepath filepaths dir dirs directory directories folder folders cwd workdir root roots source destination src dest dst'.split(
    ' ',
  ),
)
const commandWords: ReadonlySet<string> = new Set('command commands cmd cmds script shell bash exec'.split(' '))

/** `filePath`, `output_dir`, `paths`: the last word says what a value is. */
export const isPathKey = (key: string): boolean => pathWords.has(lastWord(key))
export const isCommandKey = (key: string): boolean => commandWords.has(lastWord(key))

/** `code` may be a country's or a program's. */
export const looksLikeCode = (value: string): boolean => value.length > 8 && /[\s(;=]/.test(value)

/** In lower case: `output` of none but `dir` of `output_dir` and `outputDir`; nothing of a very long key. */
export function lastWord(key: string): string {
  if (key.length > 64) return ''
  let end = key.length
  while (end > 0 && !isLetterOrDigit(key.charCodeAt(end - 1))) end--
  let start = end
  while (start > 0 && isLetterOrDigit(key.charCodeAt(start - 1)) && (start === end || !isWordStart(key, start))) start--
  return key.slice(start, end).toLowerCase()
}

/** A capital after a small letter or a digit. */
const isWordStart = (key: string, at: number): boolean =>
  isCapital(key.charCodeAt(at)) && !isCapital(key.charCodeAt(at - 1))
const isCapital = (code: number) => code >= 65 && code <= 90

/**
 * Whether a text names a file. An absolute POSIX path counts only when its top folder exists: nothing below a missing one
 * exists or can be made without administrator rights, and `/v1/users` is the path of a URL.
 */
export function looksLikePath(value: string, underPathKey: boolean, exists: (path: string) => boolean): boolean {
  if (/^file:/i.test(value)) return true
  if (/^[a-z][a-z0-9+.-]{1,31}:\/\//i.test(value)) return false
  if (!underPathKey && value.includes('\n')) return false
  if (value.startsWith('~')) return value.length === 1 || value[1] === '/' || value[1] === '\\'
  if (/^[a-z]:[\\/]/i.test(value) || value.startsWith('\\\\')) return true
  if (value.startsWith('/')) return topFolderExists(value, underPathKey, exists)
  return underPathKey || /^\.\.?[\\/]/.test(value) || value === '..'
}

/** Starts a comment (`//`) or is a lone slash: not a path unless its key says so. `..` could leave any top folder. */
function topFolderExists(value: string, underPathKey: boolean, exists: (path: string) => boolean): boolean {
  const [top = ''] = value.split('/').filter((part) => part !== '' && part !== '.')
  if (top === '') return underPathKey
  if (value.includes('/../') || value.endsWith('/..')) return true
  return exists(`/${top}`)
}
