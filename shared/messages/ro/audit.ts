import type { auditWords as english } from '../en/audit.ts'

export const auditWords: Record<keyof typeof english, string> = {
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
  'audit.erased': 'Conținut șters',
  'audit.erased.text':
    'Argumentele și rezultatul au fost șterse și nu mai pot fi aduse înapoi. Intrarea însăși rămâne, iar jurnalul se verifică în continuare.',
  'audit.verify.reading': 'Se citește și se verifică fiecare intrare…',
  'audit.verify.checked': 'Intrări verificate',
  'audit.verify.tombstones': 'Cu conținutul șters, după cum spune jurnalul',
  'audit.verify.notAnchored': 'Încă neancorate în portchei',
  'audit.retention':
    'Argumentele și rezultatele se șterg după un număr de zile: {days}, iar cele cu date personale: {piiDays}. Intrările însele rămân.',
  'audit.retention.oldest': 'Cele mai vechi păstrate sunt din {date}.',
}
