import { linearRegExp } from './linear-regexp.ts'

/** How a URI template's expressions may have been filled in. @see RFC 6570, section 3.2 */
const fillings: Readonly<Record<string, string>> = {
  '+': '.+',
  '#': '#.*',
  '.': '\\.[^/]*',
  '/': '/.*',
  ';': ';.*',
  '?': '(\\?.*)?',
  '&': '(&.*)?',
}

/** Says whether a URI can come from a template. Linear in the URI; a template that is none matches nothing. */
export function templateMatcher(template: string): (uri: string) => boolean {
  const pattern = template
    .split(/(\{[^{}]*\})/)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : (fillings[part[1] ?? ''] ?? '[^/?#]+')))
    .join('')
  try {
    const compiled = linearRegExp(`^${pattern}$`, '')
    return (uri) => uri.length <= 8192 && compiled.test(uri)
  } catch {
    return () => false
  }
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
