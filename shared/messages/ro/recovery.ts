import type { recoveryWords as english, recoveryPageWords as englishPage } from '../en/recovery.ts'

export const recoveryWords: Record<keyof typeof english, string> = {
  'integrity.title': 'Baza de date a fost modificată din afara Gatehouse',
  'integrity.text':
    'Nimic nu este permis până când decideți. Restaurați o copie de rezervă sau păstrați ce a rămas: ce ați permis așteaptă atunci să fie revizuit, serverele sunt oprite, iar ce ați interzis rămâne interzis. Gatehouse se oprește și trebuie pornit din nou.',
  'integrity.unread': 'Nu s-a putut citi dacă înregistrările sunt cum le-a lăsat Gatehouse.',
  'integrity.accept': 'Păstrează ce a rămas',
  'integrity.restore': 'Restaurați o copie de rezervă',
  'integrity.accepted': 'Gatehouse se oprește acum. Porniți-l din nou.',
  'integrity.held.title': 'Permise înainte, reținute pentru revizuire',
  'integrity.held.hint':
    'Provin dintr-o bază de date pentru care nu poate garanta nimeni. Nu permit nimic până nu spuneți din nou.',
  'integrity.release': 'Permite din nou',
  'integrity.drop': 'Uită',
}

export const recoveryPageWords: Record<keyof typeof englishPage, string> = {
  title: 'Portcheiul nu are chei pentru acest dosar de date',
  text: 'Dosarul este folosit, dar cheile lui nu mai sunt în portchei. Fără ele nimic din el nu poate fi citit sau crezut, așa că Gatehouse nu a pornit. Nu s-a schimbat nimic. Alegeți cum continuați:',
  passphraseTitle: 'Readuceți cheile',
  passphraseText:
    'Cu parola de recuperare pe care ați setat-o. Secretele serverelor și asocierile aplicațiilor AI trebuie făcute din nou.',
  backupTitle: 'Restaurați o copie de rezervă',
  backupText: 'Readuce baza de date, cheile și secretele. Ce există acum este pus deoparte, nu șters.',
  freshTitle: 'Începeți de la zero',
  freshText: 'Cu un Gatehouse gol. Ce există acum este pus deoparte în dosarul de date, nu șters.',
  passphrase: 'Parola de recuperare',
  file: 'Fișierul copiei',
  bringBack: 'Readu cheile',
  restore: 'Restaurează',
  sure: 'Pune totul deoparte și începe cu un Gatehouse gol',
  beginAnew: 'Începe de la zero',
  done: 'Gata. Gatehouse pornește; puteți închide această pagină.',
}
