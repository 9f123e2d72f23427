import type { bundleWords as english } from '../en/bundles.ts'

export const bundleWords: Record<keyof typeof english, string> = {
  'bundle.offer': 'Aveți un fișier .mcpb?',
  'bundle.add': 'Adăugați dintr-un fișier-pachet',
  'bundle.add.text': 'Nimic nu este despachetat sau pornit încă: vedeți întâi ce conține și ce s-ar rula.',
  'bundle.file': 'Fișierul-pachet',
  'bundle.file.hint': 'Calea lui întreagă pe acest calculator.',
  'bundle.review': 'Uită-te în fișier',
  'bundle.problem.file': 'Introduceți calea întreagă a fișierului-pachet.',
  'bundle.problem.missing': 'Are nevoie de o valoare pentru: {names}.',
  'bundle.about': 'Ce spune despre sine',
  'bundle.version': 'Versiune',
  'bundle.author': 'Autor',
  'bundle.sha256': 'Amprentă (SHA-256)',
  'bundle.files': 'Fișiere',
  'bundle.files.text': '{files}, {size} despachetate',
  'bundle.signature': 'Semnătură',
  'bundle.signature.unsigned': 'nesemnat: nimeni nu garantează că este ce a publicat autorul',
  'bundle.signature.inside': 'fișierul însuși nu poartă semnătură; manifestul de celulă din el este semnat',
  'bundle.signature.signed': 'semnat de „{publisher}”, garantat de „{issuer}”',
  'bundle.signature.self-signed':
    'semnat doar de cel care l-a făcut, care își spune „{publisher}”; nimeni nu garantează acest nume',
  'bundle.signature.unvouched.issuer':
    'semnat de „{publisher}”; acest calculator nu cunoaște „{issuer}”, care garantează acest nume',
  'bundle.signature.unvouched.expired': 'semnat de „{publisher}”, cu un certificat care nu este valabil astăzi',
  'bundle.signature.unvouched.purpose':
    'semnat de „{publisher}”, cu un certificat care nu este pentru semnarea programelor',
  'bundle.signature.fingerprint': 'Certificat (SHA-256)',
  'bundle.cell': 'Manifestul celulei',
  'bundle.cell.trusted':
    'semnat de „{key}”, o cheie în care aveți încredere; la adăugare se verifică dacă fișierele sunt cele semnate',
  'bundle.cell.unknown-key': 'semnat cu o cheie în care nu aveți încredere ({key}), așa că semnătura nu contează',
  'bundle.cell.wrong':
    'semnătura este greșită: a fost schimbat după semnare sau l-a semnat altcineva, așa că nu va fi înregistrat',
  'bundle.cell.malformed': 'semnat, dar nu poate fi citit, așa că nu va fi înregistrat',
  'bundle.settings': 'Setările lui',
  'bundle.secret.hint': 'Se păstrează în portchei și se dă numai acestui server.',
  'bundle.lines.hint': 'Câte una pe rând.',
  'bundle.default': 'Lăsată goală, este: {value}',
  'bundle.unset': 'Nu este setat',
  'bundle.yes': 'Da',
  'bundle.no': 'Nu',
  'bundle.stale': 'Ați schimbat setările. Vedeți ce s-ar rula cu ele înainte să îl adăugați.',
  'bundle.again': 'Arată ce s-ar rula acum',
}
