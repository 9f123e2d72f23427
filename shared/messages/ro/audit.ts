import type { auditWords as english } from '../en/audit.ts'

type Few = 'audit.retention.done_few' | 'audit.missing_few'

export const auditWords: Record<keyof typeof english | Few, string> = {
  'audit.category': 'Fel',
  'audit.category.authentication': 'Identitate',
  'audit.category.authorization': 'Permisiune',
  'audit.category.data_access': 'Date citite',
  'audit.category.data_modification': 'Date schimbate',
  'audit.category.tool_execution': 'Instrument rulat',
  'audit.category.resource_access': 'Resursă citită',
  'audit.category.session': 'Sesiune',
  'audit.category.admin': 'Setări',
  'audit.category.security': 'Securitate',
  'audit.category.compliance': 'Păstrarea evidenței',
  'audit.facets.newest': 'Numărate între cele mai noi 10.000 care se potrivesc.',
  'audit.missing_one': 'Căutarea încă se pregătește: {count} intrare mai veche nu este încă în ea. Va fi imediat.',
  'audit.missing_few':
    'Căutarea încă se pregătește: {count} intrări mai vechi nu sunt încă în ea. Căutați din nou peste un minut.',
  'audit.missing_other':
    'Căutarea încă se pregătește: {count} de intrări mai vechi nu sunt încă în ea. Căutați din nou peste un minut.',
  'audit.erased': 'Conținut șters',
  'audit.erased.text':
    'Argumentele și rezultatul au fost șterse și nu mai pot fi aduse înapoi. Intrarea însăși rămâne, iar jurnalul se verifică în continuare.',
  'audit.verify.reading': 'Se citește și se verifică fiecare intrare…',
  'audit.verify.progress': 'Verificat până acum',
  'audit.verify.stop': 'Oprește verificarea',
  'audit.verify.checked': 'Intrări verificate',
  'audit.verify.tombstones': 'Cu conținutul șters, după cum spune jurnalul',
  'audit.verify.notAnchored': 'Încă neancorate în portchei',
  'audit.part': 'Doar o parte…',
  'audit.part.title': 'Verificarea unei părți a jurnalului',
  'audit.part.text':
    'Intrările ei se citesc din nou și se verifică față de lanț, cât ține partea. Un câmp lăsat gol înseamnă de la început, respectiv până la sfârșit.',
  'audit.part.check': 'Verifică partea',
  'audit.part.by': 'Aleasă după',
  'audit.part.entries': 'numerele intrărilor',
  'audit.part.days': 'zile',
  'audit.part.from.entries': 'De la intrarea',
  'audit.part.to.entries': 'Până la intrarea',
  'audit.part.from.days': 'Din ziua',
  'audit.part.to.days': 'Până în ziua',
  'audit.part.fault.order': 'Se termină înainte de a începe.',
  'audit.part.fault.number': 'Introduceți numere întregi, de la 1.',
  'audit.part.fault.empty': 'Completați unde începe sau unde se termină.',
  'audit.part.fault.none': 'În aceste zile nu s-a scris nimic.',
  'audit.verify.between': 'Intrările de la {from} la {to} au fost citite din nou și verificate față de lanț.',
  'audit.verify.since':
    'Intrările începând cu {from} au fost citite din nou și verificate față de lanț, semnătură și ancoră.',
  'audit.retention':
    'Argumentele și rezultatele se șterg după un număr de zile: {days}, iar cele cu date personale: {piiDays}. Intrările însele rămân.',
  'audit.retention.oldest': 'Cele mai vechi păstrate sunt din {date}.',
  'audit.retention.change': 'Schimbă',
  'audit.retention.title': 'Cât timp se păstrează conținutul',
  'audit.retention.text':
    'Conținutul înseamnă argumentele și rezultatele apelurilor. Că s-a făcut un apel și cum s-a încheiat rămâne în jurnal.',
  'audit.retention.days': 'Zile în care se păstrează conținutul',
  'audit.retention.piiDays': 'Zile, dacă are date personale',
  'audit.retention.erases':
    'Conținutul mai vechi (zile: {days}, cu date personale: {piiDays}) se șterge acum și zilnic de acum înainte. Nimeni nu îl mai poate aduce înapoi, în afară de o copie de rezervă făcută înainte. Jurnalul însuși se verifică în continuare.',
  'audit.retention.keeps':
    'Acum nu se șterge nimic. De acum înainte conținutul se șterge după un număr de zile: {days}, iar cel cu date personale: {piiDays}.',
  'audit.retention.wrong': 'Introduceți zile întregi, de la 1 la {most}.',
  'audit.retention.save': 'Păstrează-l atât',
  'audit.retention.erase': 'Șterge ce este mai vechi',
  'audit.retention.done_one': 'Gata. S-a șters conținutul unei intrări.',
  'audit.retention.done_few': 'Gata. S-a șters conținutul a {count} intrări.',
  'audit.retention.done_other': 'Gata. S-a șters conținutul a {count} de intrări.',
}
