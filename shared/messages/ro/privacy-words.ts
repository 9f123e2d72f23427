import type { keptWords as enKept, privacyStores as enStores } from '../en/privacy-words.ts'

export const privacyStores: typeof enStores = {
  audit: {
    name: 'Jurnal de audit',
    why: 'Dovada a ceea ce au făcut aplicațiile AI pe acest calculator: interesul dumneavoastră legitim pentru securitate.',
    retention:
      'Conținutul 7 ani, 2 ani dacă are date personale, dacă nu ați ales altfel; apoi rămâne doar o urmă fără conținut.',
  },
  memory: {
    name: 'Memorie',
    why: 'Dumneavoastră sau aplicațiile AI ați cerut să fie ținut minte: uz propriu.',
    retention: 'Până este uitat sau șters.',
  },
  questions: {
    name: 'Întrebări și răspunsuri',
    why: 'Ca să vedeți ce ați fost întrebat și ce ați răspuns: uz propriu.',
    retention: '90 de zile.',
  },
  answers: {
    name: 'Numărul răspunsurilor',
    why: 'Ca să vi se ofere o regulă în locul multor întrebări la fel: uz propriu.',
    retention: 'Ultimele 20 000.',
  },
  rules: {
    name: 'Reguli și răspunsuri ținute minte',
    why: 'Le-ați făcut sau le-ați păstrat dumneavoastră: uz propriu.',
    retention: 'Până expiră sau sunt retrase.',
  },
  tasks: {
    name: 'Apeluri lungi',
    why: 'Ca o aplicație AI să poată lua răspunsul: uz propriu.',
    retention: 'O zi, dacă nu ați ales altfel.',
  },
  flow: {
    name: 'Ce au citit și au trimis sesiunile',
    why: 'Ca datele private să nu plece neîntrebate: interesul dumneavoastră legitim pentru securitate.',
    retention: 'Cât ține sesiunea.',
  },
  incidents: {
    name: 'Incidente și rapoarte despre servere',
    why: 'Pentru repararea serverelor: interesul dumneavoastră legitim pentru securitate.',
    retention: '30 de zile; rapoartele până la următorul.',
  },
  logs: {
    name: 'Fișiere jurnal',
    why: 'Pentru găsirea defectelor: interesul dumneavoastră legitim pentru securitate.',
    retention: 'Până sunt înlocuite, după mărime.',
  },
  settings: {
    name: 'Ce ați configurat',
    why: 'Servere, aplicații, dosare și nume alese de dumneavoastră: uz propriu.',
    retention: 'Până le schimbați.',
  },
}

export const keptWords: typeof enKept = {
  sentence: 'Un nume într-o propoziție a jurnalului, pe care lanțul o acoperă. Rămâne.',
  'open-question': 'O întrebare încă deschisă sau al cărei răspuns nu a fost folosit. Răspundeți, apoi cereți din nou.',
  'running-task': 'Un apel încă în curs. Așteptați-l sau anulați-l, apoi cereți din nou.',
  'own-rule': 'O regulă a dumneavoastră. Schimbați-o la Permisiuni.',
  'own-setting': 'Ceva ce ați configurat. Schimbați unde ați configurat.',
  backup: 'O copie de siguranță este sigilată și nu poate fi căutată. Ștergeți-o și faceți alta.',
  'set-aside': 'O bază de date stricată, mutată deoparte. Ștergeți-o când nu mai aveți nevoie de ea.',
  packages: 'Fișiere ale serverelor instalate, pe care Gatehouse nu le citește. Uitați-vă dumneavoastră.',
  failed:
    'Nu a putut fi șters sau nu a putut fi căutat din nou. Dacă discul este plin, faceți loc; apoi ștergeți încă o dată.',
}
