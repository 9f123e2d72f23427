import { type Language, useWords } from '../../app/words.tsx'

/** How figures are written in the person's language. */
export interface Units {
  readonly count: (value: number) => string
  readonly seconds: (value: number) => string
  readonly bytes: (value: number) => string
  readonly cores: (value: number) => string
  /** Hour and minute, or day and month where points lie further apart. */
  readonly time: (atSeconds: number, stepSeconds: number) => string
}

const made = new Map<Language, Omit<Units, 'cores'>>()
const day = 86_400

function unitsIn(language: Language): Omit<Units, 'cores'> {
  const locale = navigator.languages.find((one) => one.startsWith(language)) ?? language
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const fine = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 })
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const both = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  return {
    count: (value) => (value > 0 && value < 10 && !Number.isInteger(value) ? fine : whole).format(value),
    seconds: (value) => (value < 1 ? `${fine.format(value * 1000)} ms` : `${fine.format(value)} s`),
    bytes: (value) => {
      const mb = value / 1024 ** 2
      return mb < 1024 ? `${(mb < 10 ? fine : whole).format(mb)} MB` : `${fine.format(mb / 1024)} GB`
    },
    time: (atSeconds, stepSeconds) => {
      const at = new Date(atSeconds * 1000)
      if (stepSeconds >= day) return date.format(at)
      return (stepSeconds >= 3600 ? both : clock).format(at)
    },
  }
}

export function useUnits(): Units {
  const { language, t } = useWords()
  const known = made.get(language) ?? unitsIn(language)
  made.set(language, known)
  return { ...known, cores: (value) => t('servers.usage.cores', { cores: value.toFixed(2) }) }
}
