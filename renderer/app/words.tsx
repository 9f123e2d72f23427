import i18next, { type i18n } from 'i18next'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { initReactI18next, useTranslation } from 'react-i18next'
import { words as en, type WindowWords } from '../../shared/messages/en/window.ts'
import { words as ro } from '../../shared/messages/ro/window.ts'

type Base<K> = K extends `${infer B}_one` ? B : K extends `${infer B}_other` ? B : K
/** A sentence of the window; those with plural forms are named without their ending. */
export type Word = Base<keyof WindowWords>
export type Language = 'en' | 'ro'
export type Say = (word: Word, places?: Readonly<Record<string, string | number>>) => string

export async function openWords(language: Language): Promise<i18n> {
  const instance = i18next.createInstance()
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, ro: { translation: ro } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { prefix: '{', suffix: '}', escapeValue: false }, // React escapes
  })
  return instance
}

export interface Words {
  readonly t: Say
  readonly language: Language
  /** Local date and time; today's without the date. */
  readonly when: (atMs: number) => string
  readonly date: (atMs: number) => string
  /** Local date and time with the zone named. */
  readonly zoned: (atMs: number) => string
  readonly duration: (ms: number) => string
}

const zonedParts = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const

const Context = createContext<Words | undefined>(undefined)

/** Looks the language up once for everything below: a screen has hundreds of parts with words. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation()
  const words = useMemo(() => {
    const say = t as unknown as Say // the keys are checked by `Word`
    return { t: remembered(say), ...formatsIn(i18n.language as Language) }
  }, [t, i18n.language])
  return <Context value={words}>{children}</Context>
}

/** The window's words in the person's language, with local dates and numbers. */
export function useWords(): Words {
  const words = useContext(Context)
  if (!words) throw new Error('no WordsProvider above')
  return words
}

/** Looks a sentence without places up once. */
export function remembered(say: Say): Say {
  const said = new Map<Word, string>()
  return (word, places) => {
    if (places) return say(word, places)
    const known = said.get(word) ?? say(word)
    said.set(word, known)
    return known
  }
}

const formats = new Map<Language, Omit<Words, 't'>>()

/** Made once a language. */
function formatsIn(language: Language): Omit<Words, 't'> {
  const made = formats.get(language) ?? newFormats(language)
  formats.set(language, made)
  return made
}

/** A format takes a millisecond to make: each is made when it is first used. */
function newFormats(language: Language): Omit<Words, 't'> {
  const locale = navigator.languages.find((one) => one.startsWith(language)) ?? language // en-GB rather than en, say
  const clock = dates(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const full = dates(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const day = dates(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const zoned = dates(locale, zonedParts)
  const number = once(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }))
  return {
    language,
    when: (atMs) => (isToday(atMs) ? clock() : full()).format(atMs),
    date: (atMs) => day().format(atMs),
    zoned: (atMs) => zoned().format(atMs),
    duration: (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${number().format(ms / 1000)} s`),
  }
}

const dates = (locale: string, options: Intl.DateTimeFormatOptions) =>
  once(() => new Intl.DateTimeFormat(locale, options))

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function isToday(atMs: number): boolean {
  return new Date(atMs).toDateString() === new Date().toDateString()
}
