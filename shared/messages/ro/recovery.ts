import type { recoveryWords as english } from '../en/recovery.ts'

export const recoveryWords: Record<keyof typeof english, string> = {
  'integrity.title': 'Baza de date a fost modificată din afara Gatehouse',
  'integrity.text':
    'Nimic nu este permis până când decideți. Restaurați o copie de rezervă sau păstrați ce a rămas: ce ați permis așteaptă atunci să fie revizuit, serverele sunt oprite, iar ce ați interzis rămâne interzis. Gatehouse se oprește și trebuie pornit din nou.',
  'integrity.accept': 'Păstrează ce a rămas',
  'integrity.accepted': 'Gatehouse se oprește acum. Porniți-l din nou.',
  'integrity.held.title': 'Permise înainte, reținute pentru revizuire',
  'integrity.held.hint':
    'Provin dintr-o bază de date pentru care nu poate garanta nimeni. Nu permit nimic până nu spuneți din nou.',
  'integrity.release': 'Permite din nou',
  'integrity.drop': 'Uită',
}
