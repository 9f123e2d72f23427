/** What the window says of servers on other computers, in Romanian. */
export const remoteWords = {
  'remote.badge': 'Pe alt calculator',
  'remote.add': 'Adăugați după adresă',
  'remote.add.title': 'Adăugați un server după adresa lui',
  'remote.add.text': 'Încă nu se conectează nimic: întâi vedeți unde duce și ce ar ajunge acolo.',
  'remote.url': 'Adresa',
  'remote.url.hint':
    'https:// … (sau wss:// pentru un WebSocket). http:// numai pentru acest calculator și rețeaua proprie.',
  'remote.transport': 'Cum se vorbește cu el',
  'remote.transport.detect': 'Află singur',
  'remote.transport.http': 'Streamable HTTP',
  'remote.transport.sse': 'HTTP cu SSE (mai vechi)',
  'remote.transport.websocket': 'WebSocket',
  'remote.headers': 'Antete secrete',
  'remote.headers.hint':
    'Câte unul pe rând: Authorization=Bearer cheia-dvs. Valorile se păstrează în portchei și se trimit numai acestui server.',
  'remote.private': 'Numele este al unui calculator din rețeaua mea privată',
  'remote.private.hint':
    'Altfel, un nume de pe internet care duce la acest calculator sau în rețeaua lui este refuzat.',
  'remote.review': 'Arată unde duce',
  'remote.problem.url': 'Introduceți adresa serverului.',
  'remote.problem.headers': 'Fiecare rând al antetelor trebuie să fie NUME=valoare.',
  'remote.plan.title': 'Aici ar duce „{server}”',
  'remote.plan.text': 'Citiți tot. Încă nu s-a trimis nimic.',
  'remote.plan.url': 'Adresa exactă',
  'remote.plan.host': 'Înseamnă',
  'remote.plan.nowhere': 'nimic la care să se poată conecta acum',
  'remote.plan.mayGo': 'Ce poate ajunge acolo',
  'remote.plan.headers': 'Antete cu secrete',
  'remote.plan.confirm': 'Adaugă și conectează',
} as const
