import type { limitWords as english } from '../en/limits.ts'

export const limitWords: Record<keyof typeof english, string> = {
  'limits.title': 'Limite de folosire',
  'limits.button': 'Limite',
  'limits.label': 'Limite de folosire: {name}',
  'limits.text': 'Peste limită, apelurile sunt refuzate până este din nou loc.',
  'limits.none': 'Nu este pusă nicio limită.',
  'limits.measure': 'Ce se numără',
  'limits.measure.calls': 'Apeluri',
  'limits.measure.bytes': 'Octeți',
  'limits.measure.tokens': 'Tokeni (estimați)',
  'limits.measure.seconds': 'Secunde de apeluri',
  'limits.per': 'Într-un interval de',
  'limits.per.minute': 'Un minut',
  'limits.per.hour': 'O oră',
  'limits.per.day': 'O zi',
  'limits.most': 'Cel mult',
  'limits.used': '{used} din {most} folosite',
  'limits.refills': 'din nou întreagă la {time}',
  'limits.set': 'Pune limita',
  'limits.remove.label': 'Șterge limita: {measure}, {per}',
  'limits.removed': 'Eliminată: {measure} · {per}.',
}
