import { type ContentFilter, endOf } from './content-filter.ts'

const patterns: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/<script[\s>/]/iy, 'script'],
  [/<(?:iframe|object|embed|applet)[\s>/]/iy, 'frame'],
  [/javascript:[^\s"'<>)]{1,400}/iy, 'script-address'],
  [/vbscript:[^\s"'<>)]{1,400}/iy, 'script-address'],
  [/data:text\/html[;,][^\s"'<>)]{1,400}/iy, 'script-address'],
  [
    /on(?:error|load|click|mouseover|focus|toggle|animationend|pointerenter)[ \t]{0,4}=[ \t]{0,4}["'`]?[^\s"'`>]{1,400}/iy,
    'handler',
  ],
]
const tagBefore = /<[a-z][a-z0-9-]{0,20}(?:[\s/][^<>]{0,300})?$/i
const linkBefore = /(?:\]\(|(?:href|src|action|formaction)[ \t]{0,3}=[ \t]{0,3}["']?)\s{0,3}$/i

/** Markup that does something where it is shown. Ordinary in pages and sources, so that by default it is only labelled. */
export const unsafeMarkup: ContentFilter = {
  id: 'unsafe-markup',
  group: 'markup',
  severity: 'info',
  label: 'active-markup',
  actions: { permissive: { call: 'allow', reply: 'allow' }, strict: { call: 'warn', reply: 'redact' } },
  triggers: [
    '<script',
    '<iframe',
    '<object',
    '<embed',
    '<applet',
    'javascript:',
    'vbscript:',
    'data:text/html',
    'onerror',
    'onload',
    'onclick',
    'onmouseover',
    'onfocus',
    'ontoggle',
    'onanimationend',
    'onpointerenter',
  ],
  atTrigger(text, at, report) {
    for (const [pattern, reason] of patterns) {
      const end = endOf(pattern, text, at)
      if (end < 0) continue
      const before = text.slice(Math.max(0, at - 320), at)
      if (reason === 'handler' && !tagBefore.test(before)) return undefined
      if (reason === 'script-address' && !linkBefore.test(before)) return undefined
      report(at, end, reason)
      return end
    }
    return undefined
  },
}
