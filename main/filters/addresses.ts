import { hostIn, unknownPlace } from '../../shared/domain/places.ts'
import { lastWord } from './path-like.ts'

/*
 * Addresses that a text names, as whoever is handed the text would reach them: by a URL parser, by git and ssh, or because
 * the argument is called a host. Found too often rather than too seldom: an address makes a call asked about, never allowed.
 * Where one cannot be read, or is not looked for any more, `unknownPlace` stands for it.
 */

const schemes =
  'https?|wss?|ftps?|sftp|ftp|ssh|git|git\\+ssh|git\\+https?|ssh\\+git|svn|svn\\+ssh|rsync|scp|telnet|ldaps?|smb|cifs|nfs|' +
  'rediss?|postgres|postgresql|mysql|mariadb|mongodb|mongodb\\+srv|amqps?|mqtts?|smtps?|imaps?|pop3s?|nats|kafka|grpcs?|' +
  'tcp|udp|socks[45]?h?|gopher|dict|tftp|ircs?|xmpp|rtmps?|rtsps?|webdavs?|davs?|s3|file'
/** What stands before an address in a list of them, and within none. */
const between = '[^\\w/\\\\=?&#%:.-]'
/** From a scheme up to the next space, quotation mark or address. */
export const inText = new RegExp(`(?:${schemes}):[\\\\/]+(?:(?!${between}(?:${schemes}):[\\\\/])[^\\s"'<>\`])+`, 'iy')
const schemeAtEnd = new RegExp(`(?:${schemes})$`, 'i')
const longestScheme = 12
/** A whole text that a parser takes: it may do without slashes. */
const wholeAddress = new RegExp(`^(?:${schemes}):`, 'i')
/** Where a list of addresses goes on with one of its own. */
const justScheme = new RegExp(`^(?:${schemes}):$`, 'i')
/** `git@github.com:org/project`, as git, ssh, scp and rsync read it. */
const remoteInText = /(?<=[\w.+-])@(\[[0-9a-f:.]{2,45}\]|[\p{L}\p{N}][\p{L}\p{N}.-]{0,252}):(?!\/\/)[^\s"'<>`]/iuy
const wholeRemote =
  /^(\[[0-9a-f:.]{2,45}\]|[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){1,8}):(?!\/\/)(?=\S+$)(?:\S*?\/|\S+\.git$)/iu
const hostWords: ReadonlySet<string> = new Set(
  'host hosts hostname hostnames domain domains endpoint server servers url urls uri uris link links address addresses ip remote origin proxy website site webhook callback'.split(
    ' ',
  ),
)
/** A time of day, a port, a count: a host written as a number has more digits. */
const shortNumber = /^\d{1,7}(?::\d*)?$/
const justWord = /^(?!localhost\b)[a-z_-]+[.!?:)]?$/i
const longestWhole = 8_192
const longestParsed = 100_000
const slash = 47
const backslash = 92
const deepestNesting = 4
const deepestLevel = 64
/** Distinct, of one text. */
const mostAddresses = 1_000
const mostUnescaped = 3

export const isHostKey = (key: string): boolean => hostWords.has(lastWord(key))

/** Of one text: what it is told to, and what it was told already. */
interface Search {
  readonly seen: Set<string>
  /** @returns false when no more is wanted */
  readonly report: (url: string) => boolean
}

/**
 * @param key the name of the argument, when it has one
 * @param report gets each address, as a URL that a parser takes, or `unknownPlace`; returns false when it wants no more
 */
export function findAddresses(text: string, key: string, report: (url: string) => boolean): void {
  find(text, key, { seen: new Set(), report }, 0)
}

function find(text: string, key: string, search: Search, depth: number): boolean {
  if (text.length < 3) return true
  const spellings = text.includes('\\') ? unescaped(text) : [text]
  for (const spelling of spellings) if (!inOne(spelling, key, search)) return false
  return nested(text, key, search, depth)
}

function inOne(text: string, key: string, search: Search): boolean {
  for (let at = 0, found = nextAddress(text, 0); found !== undefined; found = nextAddress(text, at)) {
    const address = found.text
    at = found.end
    if (!once(address, search, () => each(address, search))) return false
  }
  for (let sign = text.indexOf('@'); sign >= 0; sign = text.indexOf('@', sign + 1)) {
    remoteInText.lastIndex = sign
    const host = remoteInText.exec(text)?.[1]
    if (host !== undefined && !reported(`ssh://${host}`, search)) return false
  }
  if (isHostKey(key) && !underHostKey(text, search)) return false
  return whole(text, search)
}

/** Looked for at the `:/` within it, as there are few of these, and a pattern would try every scheme at every letter. */
export function nextAddress(text: string, from: number): { readonly text: string; readonly end: number } | undefined {
  for (let colon = text.indexOf(':', from); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    const next = text.charCodeAt(colon + 1)
    if (next !== slash && next !== backslash) continue
    const before = text.slice(Math.max(from, colon - longestScheme), colon)
    const scheme = schemeAtEnd.exec(before)
    if (scheme === null) continue
    inText.lastIndex = colon - before.length + scheme.index
    const found = inText.exec(text)?.[0]
    if (found !== undefined) return { text: found, end: inText.lastIndex }
  }
  return undefined
}

/** The same text again says nothing new; past the limit nothing is looked for any more. */
function once(found: string, { seen, report }: Search, look: () => boolean): boolean {
  if (seen.has(found)) return true
  if (seen.size >= mostAddresses) {
    report(unknownPlace)
    return false
  }
  seen.add(found)
  return look()
}

/** The same text as parsers read it: they drop line ends and tabs, and blanks and controls at both ends. */
function whole(given: string, search: Search): boolean {
  if (!given.includes(':') && !startsWithSlash.test(given)) return true
  const text = trimmedEnd(beginning(given), isBlank)
  if (wholeAddress.test(text)) return once(text, search, () => each(text, search))
  if (/^[\\/]{2}[^\\/\s]\S*$/.test(text) && /[.:]/.test(hostIn(`https:${text}`)?.hostname ?? ''))
    return reported(`https:${text}`, search)
  const [, host] = wholeRemote.exec(text) ?? []
  return host === undefined || reported(`ssh://${host}`, search)
}

/** Without line ends and tabs, from the first sign on that is seen. */
function beginning(text: string): string {
  let out = ''
  withinLine.lastIndex = 0
  for (let part = withinLine.exec(text); part !== null && out.length < longestWhole; part = withinLine.exec(text))
    out += out === '' ? trimmedStart(part[0], isBlank) : part[0]
  return out.slice(0, longestWhole)
}
const withinLine = /[^\t\n\r]{1,8192}/g
const startsWithSlash = /^[\s\p{Cc}]*[\\/]/u
const isBlank = (code: number) => code <= 0x20

/** One host, or a list of them. */
function underHostKey(given: string, search: Search): boolean {
  const text = given.trim()
  const alone = !/\s/.test(text)
  for (const part of text.split(/[\s,;]+/)) {
    const named = part.slice(part.lastIndexOf('@') + 1)
    if (named === '' || justWord.test(named) || shortNumber.test(named) || /^[a-z][a-z0-9+.-]*:[\\/]/i.test(part))
      continue
    if (!once(`tcp:${named}`, search, () => host(named, alone, search))) return false
  }
  return true
}

/** @param alone it stands in no sentence, so that what cannot be read is not just a word */
function host(named: string, alone: boolean, search: Search): boolean {
  const url = [`tcp://${named}`, `tcp://[${named}]`].find((one) => hostIn(one) !== undefined)
  if (url === undefined) return !alone || !/\w\.\w/.test(named) || search.report(unknownPlace)
  const { hostname = '' } = hostIn(url) ?? {}
  return /[.:]/.test(hostname) || hostname === 'localhost' || /:\d+$/.test(named) ? search.report(url) : true
}

/** Of an address that names several hosts, as those of databases and brokers do, each by itself. */
function each(found: string, search: Search): boolean {
  if (/^file:[\\/]{3}/i.test(found)) return true
  const [, start = '', authority = '', rest = ''] = /^([a-z0-9+]+:[\\/]*)([^\\/?#]*)(.*)$/is.exec(found) ?? []
  const isSentence = !/[\\/]/.test(start) && /\s/.test(authority)
  if (isSentence || !/[,;]/.test(authority)) return one(found, authority, search)
  const isWeb = /^(?:https?|wss?|ftp):/i.test(start)
  const [first = '', ...others] = authority.split(/[,;]/).map((part) => part.trim())
  const hosts = [first, ...others.filter((part) => (!isWeb || /[.:]/.test(part)) && !justScheme.test(part))]
  return hosts.every((host, at) => {
    const url = `${start}${host}${at === others.length ? rest : ''}`
    return once(url, search, () => one(url, host, search))
  })
}

/**
 * What stands in a text may end with a sign of the sentence around it, and a parser takes such signs for parts of the host;
 * told with and without them where that makes another host.
 */
function one(found: string, authority: string, search: Search): boolean {
  const cut = trimmedEnd(found.replace(found.includes('[') ? /[)}>,;|*!].*$/su : /[)\]}>,;|*!].*$/su, ''), isSign)
  const host = hostIn(found)?.host
  const without = cut === found ? host : hostIn(cut)?.host
  if (host !== undefined)
    return (without === undefined || without === host || search.report(cut)) && search.report(found)
  if (without !== undefined) return search.report(cut)
  return unread(found, authority, search)
}

/** A port may be what cannot be read; where it is the host, it may be any. What holds a blank is no address. */
function unread(found: string, authority: string, search: Search): boolean {
  if (/\s/.test(authority) || !/[\p{L}\p{N}]/u.test(authority)) return true
  const [start = ''] = /^[a-z0-9+]+:[\\/]*/i.exec(found) ?? []
  const withoutPort = `${start}${authority.replace(/:[^\]:@]*$/, '')}`
  return search.report(hostIn(withoutPort) === undefined ? unknownPlace : withoutPort)
}

/** Only what names a host that there could be. */
const reported = (url: string, search: Search): boolean =>
  once(url, search, () => hostIn(url) === undefined || search.report(url))

const isSign = (code: number) => ".:_~'*?".includes(String.fromCharCode(code))

/** By hand: a pattern for the end of a text looks again from each such run within it. */
function trimmedEnd(text: string, drops: (code: number) => boolean): string {
  let end = text.length
  while (end > 0 && drops(text.charCodeAt(end - 1))) end--
  return text.slice(0, end)
}

function trimmedStart(text: string, drops: (code: number) => boolean): string {
  let start = 0
  while (start < text.length && drops(text.charCodeAt(start))) start++
  return text.slice(start)
}

/** As it is, and as JSON would read it once, twice and three times: `https:\\/\\/…`, `\\u0068ttps:`. */
function unescaped(text: string): string[] {
  const spellings = [text]
  for (let last = text; spellings.length <= mostUnescaped; ) {
    const coded = last.includes('\\u') || last.includes('\\U')
    const next = (coded ? last.replace(/\\u([0-9a-f]{4})/gi, character) : last).replace(/\\([/"\\])/g, '$1')
    if (next === last) break
    spellings.push(next)
    last = next
  }
  return spellings
}

const character = (_: string, code: string) => String.fromCharCode(Number.parseInt(code, 16))

/** Texts inside a text that is JSON. */
function nested(text: string, key: string, search: Search, depth: number): boolean {
  if (text.length > longestParsed || !/^\s*["[{]/.test(text)) return true
  const value = parsed(text)
  if (value === undefined) return true
  return depth >= deepestNesting ? search.report(unknownPlace) : inside(value, key, search, depth + 1, 0)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no JSON
  }
}

function inside(value: unknown, key: string, search: Search, depth: number, level: number): boolean {
  if (typeof value === 'string') return find(value, key, search, depth)
  if (typeof value !== 'object' || value === null) return true
  if (level >= deepestLevel) return search.report(unknownPlace)
  if (Array.isArray(value)) return value.every((item) => inside(item, key, search, depth, level + 1))
  return Object.entries(value).every(
    ([name, item]) => find(name, '', search, depth) && inside(item, name, search, depth, level + 1),
  )
}
