import type { questions as english } from '../en/questions.ts'

export const questions = {
  'title.write': '{client} vrea să scrie {file}',
  'title.edit': '{client} vrea să modifice {file}',
  'title.delete': '{client} vrea să șteargă {file}',
  'title.create-folder': '{client} vrea să creeze dosarul {file}',
  'title.move': '{client} vrea să mute {file} în {target}',
  'title.command': '{client} vrea să execute o comandă cu {tool} ({server})',
  'title.file': '{client} vrea să folosească {tool} ({server}) pe {file}',
  'title.use': '{client} vrea să folosească {tool} ({server})',
  'title.read': '{client} vrea să citească {file} din {server}',
  'title.prompt': '{client} vrea să folosească promptul {tool} ({server})',
  'title.pair': '{client} vrea să se conecteze la Gatehouse',
  'title.pair-changed': '{client} este pornit acum de alt program',
  'title.verb': 'Linia de comandă vrea să: {verb}',
  'title.host': '{server} vrea să ajungă la {host}',
  'title.elicitation': '{server} vă întreabă ceva, în timp ce {client} îl folosește',
  'risk.elicitation': 'Ce introduceți ajunge la {server}. Nu introduceți niciodată o parolă sau o cheie.',
  'risk.delete': 'Șterge ceva.',
  'risk.run': 'Execută un program.',
  'risk.send': 'Trimite ceva în altă parte.',
  'risk.write': 'Modifică ceva.',
  'risk.unknown': 'Nimeni nu garantează ce face această unealtă.',
  'risk.unconfined': '{server} rulează fără izolare.',
  'risk.large': 'Fișierul este prea mare sau nu este text, așa că nu poate fi previzualizat.',
  'risk.pair': 'O aplicație conectată poate citi ce permiteți și poate cere mai mult.',
  'risk.pair-changed': 'Când ați asociat-o, era pornită de {previous}.',
  'scope.once': 'Exact acest apel, o singură dată.',
  'scope.session': '{client} poate folosi {tool} cu orice argumente până se deconectează.',
  'scope.arguments': '{client} poate repeta exact acest apel fără a întreba, până când retrageți permisiunea.',
  'scope.tool': '{client} poate folosi {tool} cu orice argumente fără a întreba, până când retrageți permisiunea.',
  'scope.tool-run':
    '{client} poate executa orice comandă cu {tool} fără a întreba, până când retrageți permisiunea. Asta poate face tot ce poate {server}.',
  'scope.tool-unknown':
    '{client} poate folosi {tool} cu orice argumente fără a întreba, până când retrageți permisiunea, orice s-ar dovedi că face.',
  'scope.tool-unconfined':
    '{client} poate folosi {tool} cu orice argumente fără a întreba, până când retrageți permisiunea. {server} rulează fără izolare, deci poate ajunge la toate fișierele dumneavoastră.',
  'scope.session-flow':
    '{client} poate folosi {tool} cu orice argumente până se deconectează, deși această sesiune a citit conținut privat și conținut străin.',
  'flow.mixed':
    'Poate trimite date către {to}. Această sesiune a citit ceva privat ({own}) și ceva din afară ({foreign}), care poate i-a spus aplicației să le trimită.',
  'flow.secret': 'Ar trimite către {to} un secret pe care această sesiune l-a citit ({secret}).',
  'flow.anywhere': 'oriunde în rețea',
  'flow.read': '{tool} din {server} la {time}',
  'flow.read-at': '{place}, cu {tool} din {server} la {time}',
  'progress.waiting': 'Se așteaptă aprobarea dumneavoastră în Gatehouse',
  'where.window': 'fereastra Gatehouse',
} as const satisfies Record<keyof typeof english, string>
