import type { ContentFilter } from './content-filter.ts'
import { entropyOf } from './named-secret.ts'

const longestAddress = 4_000
const lookBack = 300
/** Places made to catch what is sent to them, whoever sends it. */
const collectors =
  /^(?:[\w-]{1,80}\.){0,4}(?:webhook\.site|requestbin\.(?:com|net)|pipedream\.net|burpcollaborator\.net|oastify\.com|oast\.(?:pro|live|site|online|fun|me)|interact\.sh|beeceptor\.com|requestcatcher\.com|ngrok(?:-free)?\.(?:io|app)|canarytokens\.com|dnslog\.cn|hookb\.in|postb\.in)$/i
/** What a text tells the model to fill in. */
const blank =
  /\{[^{}]{1,60}\}|%7B[^%]{1,60}%7D|<[a-z_ -]{2,40}>|\[[A-Z_ ]{3,40}\]|\$\([^)]{1,40}\)|INSERT|YOUR_|BASE64|ENCODED|SECRET_HERE/

/**
 * An address that carries data out where it is only shown or followed: pictures that load by themselves, with a long
 * random or encoded value, a blank for the model to fill, or a host that collects such requests. Badges and trackers of
 * ordinary length are not meant.
 */
export const dataInAddress: ContentFilter = {
  id: 'data-in-address',
  group: 'addresses',
  severity: 'error',
  label: 'exfiltration-address',
  actions: { permissive: { call: 'warn', reply: 'warn' }, strict: { call: 'warn', reply: 'redact' } },
  triggers: ['](http', '](//', '<img', ']: http', 'http://', 'https://'],
  atTrigger(text, at, report) {
    const start = text[at] === 'h' || text[at] === 'H' ? at : text.slice(at, at + 300).search(/https?:\/\/|\/\//i) + at
    if (start < at) return undefined
    let end = start
    while (end < text.length && end - start < longestAddress && !/[\s"'`<>)\]]/.test(text[end] ?? ' ')) end++
    const shown = isShown(text, at, start)
    const reason = carries(text.slice(start, end), shown)
    if (reason !== undefined) report(start, end, reason)
    return end
  },
}

type Shown = 'picture' | 'link'
function isShown(text: string, at: number, start: number): Shown {
  if (/^<img/i.test(text.slice(at, at + 4))) return 'picture'
  const before = text.slice(Math.max(0, start - lookBack), start)
  return /!\[[^\]\n]{0,200}\]\(\s{0,3}$|<img[^<>]{0,200}$|^\[[^\]\n]{1,40}\]:\s{1,4}$|\n\[[^\]\n]{1,40}\]:\s{1,4}$/i.test(
    before,
  )
    ? 'picture'
    : 'link'
}

function carries(address: string, shown: Shown): string | undefined {
  const cut = address.indexOf('/', address.indexOf('//') + 2)
  const host = (cut < 0 ? address : address.slice(0, cut))
    .replace(/^(?:https?:)?\/\//i, '')
    .replace(/^[^@]{0,200}@/, '')
    .replace(/:\d{1,5}$/, '')
  if (collectors.test(host)) return 'collector'
  if (shown === 'link' || cut < 0) return undefined
  const [path = '', query = ''] = address.slice(cut).split('?', 2)
  if (query !== '' && blank.test(query)) return 'blank'
  for (const part of query.split('&')) {
    const value = part.slice(part.indexOf('=') + 1)
    if (isCargo(value, 40)) return 'query'
  }
  return path.split('/').some((part) => part.length >= 64 && isCargo(part, 64)) ? 'path' : undefined
}

/** Random or encoded, or a sentence in escapes. A hash in hexadecimal is none. */
function isCargo(value: string, shortest: number): boolean {
  if (value.length < shortest) return false
  if ((value.match(/%20|\+/g) ?? []).length >= 5) return true
  if (/^[0-9a-f-]{32,72}$/i.test(value)) return false
  return /^[\w+/=.%-]+$/.test(value) && entropyOf(value) >= 4.2
}
