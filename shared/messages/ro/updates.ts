import type { updateWords as en } from '../en/updates.ts'

export const updateWords: Readonly<Record<keyof typeof en, string>> = {
  'updates.title': 'Actualizări',
  'updates.text':
    'Versiunea lui Gatehouse și versiuni mai noi ale lui și ale serverelor. Nimic nu se instalează de la sine.',
  'updates.version': 'Gatehouse {version}',
  'updates.installed.package': 'Instalat ca pachet pentru acest sistem.',
  'updates.installed.sources':
    'Construit din sursele din {folder}. Versiunile mai noi sunt de unde le aveți: actualizați-le acolo și porniți Gatehouse din nou.',
  'updates.off': 'Căutarea unui Gatehouse mai nou este oprită. O puteți porni mai jos.',
  'updates.nowhere': 'Spuneți mai jos unde se găsesc versiunile mai noi.',
  'updates.check': 'Caută acum',
  'updates.newer': 'Există un Gatehouse mai nou: {version}. Instalați-l cum l-ați instalat pe acesta.',
  'updates.newest': 'Aceasta este cea mai nouă versiune, la {at}.',
  'updates.problem': 'Nu s-a putut căuta: {problem}',
  'updates.servers': 'Versiuni mai noi ale serverelor',
  'updates.servers.none': 'Nu se cunoaște nicio versiune mai nouă a vreunui server.',
  'updates.servers.check': 'Întreabă registrele acum',
  'updates.servers.asked': 'Registrele au fost întrebate.',
  'updates.servers.review': 'Verifică {server}',
  'updates.servers.change': '{server}: {installed} → {latest}',
}
