import type { errors as english } from '../en/errors.ts'

/** What a person reads, in Romanian. Models are spoken to in English. */
export const errors = {
  'internal.unexpected':
    'Ceva neașteptat a mers prost în Gatehouse, așa că apelul nu a fost făcut. Detaliile sunt în jurnal ({reference}).',
  'client.unpaired':
    '„{client}” nu este asociat cu Gatehouse. Asociați-l în fereastră sau cu: gatehouse clients pair {client}',
  'client.revoked': 'Accesul lui „{client}” a fost revocat. Asociați-l din nou dacă îl doriți înapoi.',
  'client.suspended': '„{client}” este suspendat. Reluați-l la Sesiuni.',
  'client.pairing-busy': 'Mai multe aplicații așteaptă deja răspunsul dumneavoastră. Răspundeți mai întâi acelora.',
  'client.key-elsewhere':
    '{program} a arătat cheia API a lui „{client}”, folosită până acum de alte programe. Intră când sunteți de acord.',
  'session.ended': 'Această conexiune s-a încheiat. Conectați din nou aplicația.',
  'limits.rate': '„{client}” a făcut prea multe apeluri. Poate continua peste {seconds} s.',
  'limits.server-rate':
    '„{server}” a primit câte apeluri îi permiteți într-un minut. Poate continua peste {seconds} s.',
  'limits.quota':
    '„{name}” a consumat cât îi permiteți: {most} {measure} / {per}. Poate continua peste {seconds} s sau când permiteți mai mult: gatehouse limits list',
  'limits.busy': '„{server}” este ocupat cu atâtea apeluri câte poate rula deodată.',
  'limits.unread':
    '„{server}” nu citește ce i se trimite și deja așteaptă prea multe pentru el. Reporniți-l dacă nu trece.',
  'limits.watched': 'O aplicație urmărește deja {most} resurse ale „{server}”, câte îi sunt permise.',
  'limits.deadline': '„{entry}” nu a răspuns în {seconds} s, așa că apelul a fost încheiat.',
  'catalog.unknown': 'Nu există nimic numit „{entry}” printre serverele active.',
  'catalog.quarantined': '„{entry}” s-a schimbat de când l-ați acceptat și este reținut. Revizuiți-l la Servere.',
  'arguments.invalid': 'Argumentele pentru „{entry}” nu se potrivesc cu schema: {problem}',
  'arguments.unsafe': 'Argumentele pentru „{entry}” au fost refuzate: {problem}',
  'arguments.round':
    'Răspunsurile pentru „{entry}” au venit prea târziu sau aparțin altui apel, așa că apelul a fost refuzat.',
  'wire.too-large': 'Un mesaj mai mare de {limit} a fost refuzat.',
  'wire.malformed': 'Un mesaj nu era JSON-RPC valid și a fost refuzat.',
  'filters.blocked': '„{entry}” a fost blocat de filtrul „{filter}”: {problem}',
  'policy.denied': '„{entry}” este blocat de regula „{rule}”. O puteți schimba la Permisiuni.',
  'client.key-scope':
    '„{entry}” a fost apelat cu o cheie API limitată la {scopes}. Creați o cheie care poate mai mult: gatehouse clients token NUME',
  'approvals.denied': 'Nu ați permis „{entry}”.',
  'approvals.waiting': '„{entry}” așteaptă răspunsul dumneavoastră.',
  'approvals.expired': 'Întrebarea despre „{entry}” nu a primit răspuns la timp, așa că nu a fost permisă.',
  'approvals.cancelled': 'Aplicația și-a retras apelul „{entry}”.',
  'call.cancelled': 'Aplicația a anulat apelul „{entry}” în timp ce rula.',
  'call.withdrawn': 'Aplicația a anulat apelul „{entry}” înainte de a fi trimis. Nu s-a făcut nimic.',
  'approvals.flood': '„{client}” are prea multe întrebări deschise.',
  'approvals.unknown': 'Nu există nicio întrebare deschisă {id}; poate a primit răspuns sau a expirat.',
  'approvals.stale':
    'Ceea ce vi s-a arătat pentru „{entry}” s-a schimbat între timp, așa că răspunsul nu a fost folosit. Veți fi întrebat din nou.',
  'cell.pending': '„{server}” încă nu este înregistrat, deci nu este folosit. Reporniți-l la Servere.',
  'cell.undeclared':
    '„{entry}” nu se află printre cele semnate de autorul lui „{server}”, deci nu este folosit. O versiune mai nouă a serverului l-ar putea numi.',
  'cell.updating': '„{server}” se actualizează. Încercați din nou peste o clipă.',
  'cell.suspended': '„{server}” este suspendat: {reason} Vedeți la Servere sau cu: gatehouse cells review {server}',
  'cell.revoked': '„{server}” a fost revocat și nu mai este folosit niciodată: {reason}',
  'cell.grave':
    '„{server}” nu a fost adăugat. {problem} Pentru a-l adăuga totuși, eliminați-l dacă apare în listă, apoi: servers add --accept-findings',
  'cell.failed': '„{server}” nu a fost înregistrat. {problem}',
  'audit.stopped': 'Verificarea jurnalului a fost oprită, așa că nu spune nimic despre el.',
  'privacy.cancelled': 'Căutarea a fost oprită. Nu s-a schimbat nimic.',
  'privacy.running': 'O altă rectificare sau ștergere este în curs. Așteptați să se termine, apoi cereți din nou.',
  'bundle.signature':
    'Semnătura acestui pachet nu este bună ({problem}): pachetul a fost schimbat după semnare sau s-a stricat pe drum. Nu a fost deschis. Luați-l din nou de la cel care îl publică.',
  'server.disabled': '„{server}” este oprit. {reason}',
  'server.failed': '„{server}” nu a putut fi folosit: {problem}',
  'server.sign-in-needed':
    '„{server}” cere să vă autentificați. Alegeți „Autentificare” la Servere sau: gatehouse servers login {server}',
  'server.scope-needed':
    '„{server}” cere drepturi pe care nu i le-ați dat: {scopes}. Alegeți „Permite mai mult” la Servere sau: gatehouse servers login {server}',
  'server.sign-in-failed': 'Autentificarea la „{server}” nu a reușit: {problem}',
  'server.crashed': '„{server}” s-a oprit neașteptat în timpul apelului. {problem}',
  'server.unknown': 'Nu există niciun server numit „{server}”.',
  'server.exists': 'Există deja un server numit „{server}”. Alegeți alt nume sau ștergeți-l întâi.',
  'sandbox.unavailable': 'Acest calculator nu oferă izolare ({problem}), așa că „{server}” nu a fost pornit. {remedy}',
  'input.invalid': '{problem}',
  'operator.required': 'Este nevoie de confirmarea dumneavoastră în fereastră sau de parola de operator.',
  'operator.wrong': 'Parola nu este corectă.',
  'operator.declined': '„{verb}” nu a fost permis în fereastră, așa că nu s-a făcut nimic.',
  'browser.login':
    'Acest link de conectare nu este valabil: a fost deja folosit sau este mai vechi de {minutes} minute. Porniți din nou Gatehouse într-un terminal pentru altul.',
  'browser.foreign': 'Această cerere a venit de la alt site sau sub alt nume și a fost refuzată.',
  'https.incomplete':
    'Punctul de acces HTTPS nu a fost deschis: {given} este setat, dar {missing} nu. Setați-le pe amândouă în Setări, sau pe niciuna, și porniți din nou.',
  'browser.port':
    'Portul {port} este folosit de alt program. Porniți Gatehouse cu altul (--port N sau GATEHOUSE_PORT), sau cu --port 0 pentru orice port liber.',
  'app.not-running': 'Gatehouse nu rulează (dosarul de date {home}). Porniți-l cu: gatehouse start',
  'audit.unwritable':
    'Jurnalul de audit nu poate fi scris ({problem}), așa că apelurile sunt refuzate până când se poate. Eliberați spațiu pe disc sau permiteți scrierea în dosarul de date.',
  'audit.lost':
    '„{entry}” a fost apelat, dar sfârșitul apelului nu a putut fi scris în jurnal. Eliberați spațiu pe disc sau faceți dosarul de date inscriptibil.',
  'store.tampered':
    'Baza de date a fost modificată din afara Gatehouse, așa că nimic nu este permis până când decideți. Verificați în fereastră sau cu: gatehouse integrity show',
  'store.newer':
    'Acest dosar de date a fost scris de un Gatehouse mai nou (format {found}, acesta cunoaște {known}). Actualizați Gatehouse sau porniți-l cu alt --home.',
  'store.unwritable': 'Gatehouse nu poate scrie în dosarul său de date {folder}: {problem}',
  'store.no-room':
    'Înainte ca o actualizare să modifice baza de date se face o copie a ei, pentru cale de întoarcere. Copia are nevoie de {needed} MB în {folder}, iar liberi sunt {free} MB. Nu s-a modificat nimic: faceți loc, apoi porniți Gatehouse din nou.',
  'store.locked': 'Gatehouse rulează deja cu acest dosar de date (procesul {pid}).',
  'keys.unavailable': 'Nu s-a putut deschide niciun loc pentru chei: {problem}. {remedy}',
  'store.corrupt':
    'Baza de date {file} este deteriorată ({problem}). Restaurați o copie de rezervă sau mutați-o deoparte pentru a începe cu una goală.',
  'secrets.missing':
    '„{server}” are nevoie de secretul {name}, care nu este setat. Setați-l cu: gatehouse secrets set {server} {name}',
  'operator.throttled': 'Prea multe parole greșite. Încercați din nou peste {seconds} secunde.',
  'operator.unset':
    'Nu este setată încă nicio parolă de operator. Setați una în fereastră sau cu: gatehouse operator set',
  'app.debugged':
    'Gatehouse nu pornește sub un depanator ({found}), fiindcă cine îl conduce ar putea răspunde în locul dumneavoastră. Porniți-l fără.',
  'app.stopping': 'Gatehouse se oprește, așa că apelul a fost încheiat.',
  'app.draining': 'Gatehouse se oprește și nu a mai primit niciun apel. Porniți-l din nou, apoi repetați ce ați dorit.',
  'apps.absent':
    '{app} nu a fost găsit pe acest calculator (ar avea {file}). Porniți-l o dată sau lipiți singur fragmentul.',
  'apps.changed': '{file} s-a schimbat după ce ați văzut modificarea, așa că nu s-a scris nimic. Priviți-o din nou.',
  'apps.unparsable':
    '{file} nu a putut fi înțeles ({problem}), așa că nu s-a schimbat nimic. Corectați-l sau lipiți singur fragmentul.',
  'apps.unsafe':
    '{file} a fost lăsat neschimbat: {problem}. Lipiți singur fragmentul sau faceți din el un fișier obișnuit al dumneavoastră.',
  'bridge.lost': 'Gatehouse s-a oprit în timpul acestui apel.',
  'bridge.unread':
    'Aplicația nu și-a citit răspunsurile, iar conexiunea ei cu Gatehouse s-a încheiat în timpul acestui apel.',
  'bridge.unreachable': 'Gatehouse nu răspunde. Porniți-l, apoi încercați din nou.',
  'bridge.pairing': 'Gatehouse vă întreabă în fereastra sa dacă această aplicație se poate conecta.',
  'memory.unknown': 'În memorie nu există nimic cu numele „{name}”.',
  'memory.exists': 'Memoria cunoaște deja „{name}”. Modificați-l sau alegeți alt nume.',
  'memory.limit': 'Memoria nu primește aceasta: {what}, cel mult {most}.',
  'memory.too-large':
    'Memoria este prea mare pentru a fi citită în întregime (peste {most} MB). Căutați în ea sau exportați-o într-un fișier.',
  'memory.no-write': 'Memoria nu cunoaște modificarea „{write}”. Vedeți: gatehouse memory history',
  'memory.undone': 'Această modificare ({write}) a fost deja anulată.',
  'memory.changed-since': '„{name}” a fost modificat din nou între timp ({write}). Anulați întâi modificarea mai nouă.',
  'memory.unavailable': 'Memoria nu poate fi deschisă ({problem}). Vedeți: gatehouse doctor',
  'memory.bad-file': 'Fișierul nu a fost importat și nimic nu s-a schimbat. Rândul {line}: {reason}.',
  'memory.import-cancelled': 'Importul a fost oprit. Nimic nu s-a schimbat.',
  'memory.context-limit':
    'Contextul unei sesiuni cuprinde cel mult 10 scopuri de câte 500 de caractere, o sarcină de 2000 și 20 de etichete de câte 50. Spuneți mai scurt.',
  'memory.context-secret':
    'Aici este un secret sau în această sesiune s-a citit unul, așa că nimic din el nu se păstrează drept context. Lăsați secretul deoparte sau folosiți o sesiune nouă.',
  'memory.learning-off': 'Învățarea este oprită pentru „{client}”. Porniți-o cu: gatehouse memory learning on NUME',
  'memory.embedder': '{embedder} nu a făcut vectori ({problem}). Memoria continuă cu cei pe care îi are.',
} as const satisfies Record<keyof typeof english, string>
