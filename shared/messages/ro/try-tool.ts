import type { tryWords as english } from '../en/try-tool.ts'

export const tryWords: Record<keyof typeof english, string> = {
  'try.open': 'Încearcă',
  'try.open.label': 'Încearcă {tool}',
  'try.title': 'Încearcă {tool}',
  'try.text':
    'Este un apel adevărat, ca aplicația „window”: hotărăsc regulile dumneavoastră, puteți fi întrebat și se înregistrează.',
  'try.required': '{label} (obligatoriu)',
  'try.leftOut': 'lăsat deoparte',
  'try.yes': 'da',
  'try.no': 'nu',
  'try.asJson': 'Scrieți ca JSON.',
  'try.add': 'Adaugă unul',
  'try.item': '{label} {number}',
  'try.item.add': 'Adaugă la {label}',
  'try.item.remove': 'Șterge {label} {number}',
  'try.raw': 'Scrie argumentele ca JSON',
  'try.none': 'Nu primește argumente.',
  'try.run': 'Apelează',
  'try.running': 'Se apelează…',
  'try.bad': 'Ce este în „{field}” nu este de felul potrivit.',
  'try.badJson': 'Argumentele nu sunt un obiect JSON.',
  'try.done': 'A răspuns',
  'try.failed': 'A răspuns cu o eroare',
  'try.empty': 'Răspunsul este gol.',
  'try.part': 'Partea {number} a răspunsului',
  'try.structured': 'Răspuns structurat',
  'try.cut': 'Primele {shown} din {total} caractere.',
  'try.whole': 'Arată tot',
  'paste.add': 'Lipește o configurație',
  'paste.title': 'Adaugă servere din configurația altei aplicații',
  'paste.text':
    'Lipiți ce spune fișierul altei aplicații sau instrucțiunile unui server. Prin lipire nu pornește nimic.',
  'paste.planned':
    'Acestea ar fi adăugate. Secretele ajung în portchei; serverele pornesc îngrădite, iar ce oferă așteaptă verificarea dumneavoastră.',
  'paste.label': 'Configurația',
  'paste.hint': 'JSON cu „mcpServers” sau „servers”, TOML de la Codex, YAML sau tabelul unui singur server.',
}
