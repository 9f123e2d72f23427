import type { FindingRule } from '../../domain/finding.ts'

/** Why a finding is told to the person, in Romanian. */
export const findings: Readonly<Record<FindingRule, string>> = {
  'hidden-text': 'Conține caractere pe care nu le vedeți, dar pe care un model le citește.',
  'hidden-space': 'Spațiile goale împing o parte din text în afara vederii.',
  'mixed-letters': 'Litere din alt alfabet țin locul celor latine, ca un cuvânt să treacă drept altul.',
  'instructs-model': 'Îi dă ordine modelului în loc să descrie ce face.',
  'keeps-from-person': 'Îi cere modelului să vă ascundă ceva.',
  'wants-secrets': 'Vorbește despre chei, parole sau alte fișiere private.',
  'sends-away': 'Cere să fie trimis ceva la o adresă aleasă de el.',
  'wants-conversation': 'Cere conversația dvs. cu modelul.',
  'steers-other-tool': 'Spune cum trebuie folosită o unealtă a altui server.',
  'encoded-text': 'Poartă text într-o formă codificată.',
  'hidden-markup': 'Conține marcaje care nu se văd sau care aduc ceva când sunt afișate.',
  'takes-anything': 'Primește orice argumente, așa că nu se poate verifica ce i se trimite.',
  'too-long': 'Spune mai mult decât poate citi cineva.',
  'runs-text': 'Codul său rulează text ca program.',
  'runs-fetched-text': 'Codul său rulează text venit din altă parte sau ascuns într-o formă codificată.',
  'starts-programs': 'Codul său pornește alte programe.',
  'raw-socket': 'Codul său deschide singur conexiuni în rețea.',
  'reads-home-secrets': 'Codul său numește locuri în care sunt păstrate cheile și parolele dvs.',
  obfuscated: 'Codul său a fost făcut intenționat de necitit.',
  'install-script': 'Vrea să ruleze ceva în timpul instalării. Gatehouse nu îl lasă.',
  'native-code': 'Aduce cod mașină în care nu se poate privi.',
  'unreadable-code': 'Acest fișier nu este un program valid, așa că nu s-a putut privi în el.',
  'not-all-looked-at': 'Este mai mult cod decât s-a putut privi.',
}
