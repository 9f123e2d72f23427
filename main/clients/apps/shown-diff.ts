import { structuredPatch } from 'diff'
import type { FoundServer } from './found-server.ts'
import { isReference, looksSecret } from './secret-looking.ts'

const dots = '••••••'
const longestLine = 400
const mostLines = 2_000
/** Beyond this many changed lines nobody reads them, and finding the smallest difference takes long. */
const mostEdits = 4_000
/** Shorter words after an option are no secret, and hiding them would hide what changes. */
const shortestArgument = 4

/** A name that says secret, and its value, in any of the formats. */
const assignment =
  /((?:["']?)[\w.-]*(?:token|secret|password|passphrase|api[-_]?key|access[-_]?key|authorization|credential)[\w.-]*["']?\s*[:=]\s*)("(?:[^"\\]|\\.)+"?|'[^']+'?|[^\s,"'{[][^\s,]*)/gi

/**
 * What changes in a file, as a unified diff; secrets in it are dots.
 * @param servers whose secrets may stand in it
 */
export function shownDiff(file: string, before: string, after: string, servers: readonly FoundServer[]): string {
  const patch = structuredPatch(file, file, unixLines(before), unixLines(after), '', '', {
    context: 3,
    maxEditLength: mostEdits,
  })
  if (!patch) return `--- ${file}\n+++ ${file}\n(too much changes to show it line by line)`
  const head = [before === '' ? '--- (no file)' : `--- ${file}`, after === '' ? '+++ (no file)' : `+++ ${file}`]
  const lines = patch.hunks.flatMap((hunk) => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines.filter((line) => !line.startsWith('\\')),
  ])
  const hide = hiding(servers)
  const shown = lines.slice(0, mostLines).map(hide)
  return [...head, ...shown, ...(lines.length > mostLines ? ['(and more)'] : [])].join('\n')
}

const unixLines = (text: string) => text.replaceAll('\r\n', '\n')
const cut = (line: string) => (line.length > longestLine ? `${line.slice(0, longestLine)} …` : line)

function hiding(servers: readonly FoundServer[]): (line: string) => string {
  const spellings = servers
    .flatMap((server) => [...Object.entries(server.env), ...Object.entries(server.headers), ...onCommandLine(server)])
    .filter(([name, value]) => looksSecret(name, value) && !isReference(value))
    .flatMap(([, value]) => [value, JSON.stringify(value).slice(1, -1)])
    .sort((a, b) => b.length - a.length)
  return (line) => {
    const without = cut(spellings.reduce((text, secret) => text.replaceAll(secret, dots), line))
    return without.replace(assignment, (whole, name: string, value: string) =>
      value.includes(dots) || isReference(value.replace(/^["']|["']$/g, '')) ? whole : `${name}${dots}`,
    )
  }
}

/** What an argument or the address gives a name to: `--key value`, `--key=value`, `Header: value`, `?key=value`. */
function onCommandLine({ args, url }: FoundServer): [string, string][] {
  const pairs = [...args, url].flatMap((text, at): [string, string][] => {
    const [, name = '', value = ''] = /^-{0,2}([\w.-]+)\s*[=:]\s*(?!\/\/)(.+)$/s.exec(text) ?? []
    const option = args[at - 1] ?? ''
    return [
      ['', text],
      [name, value],
      ...(option.startsWith('-') ? [[option, text] as [string, string]] : []),
      ...inAddress(text),
    ]
  })
  return pairs.filter(([, value]) => value.length >= shortestArgument && !value.startsWith('-'))
}

/** As it is written there, so that it is found in the file. */
const inAddress = (text: string): [string, string][] =>
  [...text.matchAll(/[?&#]([^=&#\s]+)=([^&#\s]+)/g)].map(([, name = '', value = '']) => [name, value])
