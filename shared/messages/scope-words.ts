import type { Language } from './messages.ts'

const known: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    offline_access: 'stay signed in without asking you again',
    openid: 'know who you are',
    profile: 'see your name and picture',
    email: 'see your email address',
    address: 'see your postal address',
    phone: 'see your phone number',
  },
  ro: {
    offline_access: 'să rămână autentificat fără să vă mai întrebe',
    openid: 'să știe cine sunteți',
    profile: 'să vadă numele și fotografia dumneavoastră',
    email: 'să vadă adresa dumneavoastră de e-mail',
    address: 'să vadă adresa dumneavoastră poștală',
    phone: 'să vadă numărul dumneavoastră de telefon',
  },
}

/** A scope comes from outside: it may be called like something every object has. */
const wordFor = (table: Readonly<Record<string, string>>, word: string): string | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined

const verbs: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { read: 'read', write: 'change', admin: 'manage', delete: 'delete', create: 'create' },
  ro: { read: 'citire', write: 'modificare', admin: 'administrare', delete: 'ștergere', create: 'creare' },
}

/**
 * What a scope allows, as far as words can tell: the standard ones in a sentence, `files:read` as “read: files”, always
 * with the service's own word, since only the service knows what it means.
 */
export function scopeWords(scope: string, language: Language): string {
  const standard = wordFor(known[language], scope)
  if (standard !== undefined) return `${standard} (${scope})`
  const parts = scope.split(/[:./]/).filter(Boolean)
  const last = parts.at(-1) ?? ''
  const verb = wordFor(verbs[language], last) ?? wordFor(verbs[language], parts[0] ?? '')
  if (verb === undefined || parts.length < 2 || scope.includes('//')) return `“${scope}”`
  const what = parts.filter((part) => wordFor(verbs[language], part) !== verb).join(' ')
  return what === '' ? `“${scope}”` : `${verb}: ${what} (${scope})`
}
