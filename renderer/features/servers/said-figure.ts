import type { Words } from '../../app/words.tsx'

const kb = 1024
const mb = 1024 ** 2

/** A figure of a server's behaviour with its unit. @param value cores, bytes, bytes a second, milliseconds or a number */
export function saidFigure(
  name: string,
  value: number,
  { t, language, duration }: Pick<Words, 't' | 'language' | 'duration'>,
): string {
  const number = (one: number, digits: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(one)
  const bytes = (one: number) => (one >= mb ? `${number(one / mb, 1)} MB` : `${number(one / kb, 1)} KB`)
  switch (name) {
    case 'processor use':
      return t('servers.usage.cores', { cores: number(value, 2) })
    case 'memory':
    case 'size of answers':
      return bytes(value)
    case 'disk reads':
    case 'disk writes':
      return `${bytes(value)}/s`
    case 'answer times':
      return duration(value)
    default:
      return number(value, 0)
  }
}
