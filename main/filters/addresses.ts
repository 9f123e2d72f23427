import { hostIn } from '../../shared/domain/places.ts'

/*
 * Addresses that a text names, as whoever is handed the text would reach them: by a URL parser, by git and ssh, or because
 * the argument is called a host. Found too often rather than too seldom: an address makes a call asked about, never allowed.
 */

const schemes =
  'https?|wss?|ftps?|sftp|ftp|ssh|git|git\\+ssh|git\\+https?|ssh\\+git|svn|svn\\+ssh|rsync|scp|telnet|ldaps?|smb|cifs|nfs|' +
  'rediss?|postgres|postgresql|mysql|mariadb|mongodb|mongodb\\+srv|amqps?|mqtts?|smtps?|imaps?|pop3s?|nats|kafka|grpcs?|' +
  'tcp|udp|socks[45]?h?|gopher|dict|tftp|ircs?|xmpp|rtmps?|rtsps?|webdavs?|davs?|s3|file'
/** Somewhere in a text, up to the next space or quotation mark. */
const inText = new RegExp(`(?:${schemes}):[\\\\/]+[^\\s"'<>\`]+`, 'gi')
/** A whole text that a parser takes: it may do without slashes. */
const wholeAddress = new RegExp(`^(?:${schemes}):`, 'i')
/** `git@github.com:org/project`, as git, ssh, scp and rsync read it. */
const remoteInText = /[\w.+-]{1,64}@(\[[0-9a-f:.]{2,45}\]|[\p{L}\p{N}][\p{L}\p{N}.-]{0,252}):(?!\/\/)[^\s"'<>`]/giu
const wholeRemote =
  /^(\[[0-9a-f:.]{2,45}\]|[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){1,8}):(?!\/\/)(?:\S*\/\S*|\S+\.git)$/iu
const hostWords: ReadonlySet<string> = new Set(
  'host hosts hostname hostnames domain domains endpoint server servers url urls uri uris link links address addresses ip remote origin proxy website site webhook callback'.split(
    ' ',
  ),
)
/** A time of day, a port, a count: a host written as a number has more digits. */
const shortNumber = /^\d{1,7}(?::\d*)?$/
const longestWhole = 8_192
const longestParsed = 100_000
const deepestNesting = 4
const mostUnescaped = 3

export const isHostKey = (key: string): boolean => {
  if (key.length > 64) return false
  const words = key.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/)
  return hostWords.has((words.findLast((word) => word !== '') ?? '').toLowerCase())
}

/**
 * @param key the name of the argument, when it has one
 * @param report gets each address, as a URL that a parser takes; returns false when it wants no more
 */
export function findAddresses(text: string, key: string, report: (url: string) => boolean): void {
  find(text, key, report, 0)
}

function find(text: string, key: string, report: (url: string) => boolean, depth: number): boolean {
  if (text.length < 3) return true
  const spellings = text.includes('\\') ? unescaped(text) : [text]
  for (const spelling of spellings) if (!inOne(spelling, key, report)) return false
  return depth >= deepestNesting || nested(text, key, report, depth)
}

function inOne(text: string, key: string, report: (url: string) => boolean): boolean {
  if (text.includes(':')) for (const [found] of text.matchAll(inText)) if (!each(found, report)) return false
  if (text.includes('@'))
    for (const [, host] of text.matchAll(remoteInText)) if (!reported(`ssh://${host}`, report)) return false
  return text.length > longestWhole || whole(text, key, report)
}

/** The same text as parsers read it: they drop line ends and tabs, and blanks and controls at both ends. */
function whole(given: string, key: string, report: (url: string) => boolean): boolean {
  const text = given.replace(/[\t\n\r]/g, '').replace(/^[\0-\x20]+|[\0-\x20]+$/g, '')
  if (wholeAddress.test(text)) return reported(text, report)
  if (/^[\\/]{2}[^\\/\s]+[^\s]*$/.test(text) && /[.:]/.test(hostIn(`https:${text}`)?.hostname ?? ''))
    return reported(`https:${text}`, report)
  const [, host] = wholeRemote.exec(text) ?? []
  if (host !== undefined) return reported(`ssh://${host}`, report)
  if (!isHostKey(key) || shortNumber.test(text) || /[\s@]/.test(text) || /^[a-z][a-z0-9+.-]*:[\\/]/i.test(text))
    return true
  const named = hostIn(`tcp://${text}`)?.hostname ?? ''
  return /[.:]/.test(named) || named === 'localhost' ? reported(`tcp://${text}`, report) : true
}

/**
 * What stands in a text may end with a sign of the sentence around it, and a parser takes such signs for parts of the host;
 * told with and without them where that makes another host.
 */
function each(found: string, report: (url: string) => boolean): boolean {
  const cut = found
    .replace(found.includes('[') ? /[)}>,;|*!].*$/su : /[)\]}>,;|*!].*$/su, '')
    .replace(/[.:_~'*?]+$/, '')
  if (hostIn(found)?.host === hostIn(cut)?.host) return reported(found, report)
  return reported(cut, report) && reported(found, report)
}

/** Only what names a host that there could be. */
function reported(url: string, report: (url: string) => boolean): boolean {
  const host = hostIn(url)
  return host === undefined ? true : report(url)
}

/** As it is, and as JSON would read it once, twice and three times: `https:\\/\\/…`, `\\u0068ttps:`. */
function unescaped(text: string): string[] {
  const spellings = [text]
  for (let last = text; spellings.length <= mostUnescaped; ) {
    const next = last
      .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/\\([/"\\])/g, '$1')
    if (next === last) break
    spellings.push(next)
    last = next
  }
  return spellings
}

/** Texts inside a text that is JSON. */
function nested(text: string, key: string, report: (url: string) => boolean, depth: number): boolean {
  if (text.length > longestParsed || !/^\s*["[{]/.test(text)) return true
  try {
    return inside(JSON.parse(text), key, report, depth + 1)
  } catch {
    return true // no JSON
  }
}

function inside(value: unknown, key: string, report: (url: string) => boolean, depth: number): boolean {
  if (typeof value === 'string') return find(value, key, report, depth)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every((item) => inside(item, key, report, depth))
  return Object.entries(value).every(
    ([name, item]) => find(name, '', report, depth) && inside(item, name, report, depth),
  )
}
