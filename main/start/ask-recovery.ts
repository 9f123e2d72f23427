import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AskRecovery, RecoveryAnswer, RecoveryWays, TryRecovery } from './recover.ts'
import { recoveryPage } from './recovery-page.ts'

const largestForm = 16 * 1024

/**
 * The screen for an empty keychain, as a page of this computer only: nothing else of Gatehouse runs yet, no key is there to
 * show more with. Its address cannot be guessed and goes to whoever started the app.
 */
export const askOnPage =
  (tell: (url: string) => void): AskRecovery =>
  (ways, attempt) =>
    new Promise((resolve, reject) => {
      const secret = randomBytes(24).toString('base64url')
      const server = createServer((request, response) => {
        serve(request, response, { secret, ways, attempt })
          .then((done) => {
            if (done) server.close(() => resolve(true))
          })
          .catch(() => response.destroy())
      })
      server.on('error', reject)
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo
        tell(`http://127.0.0.1:${port}/${secret}`)
      })
    })

interface Page {
  readonly secret: string
  readonly ways: RecoveryWays
  readonly attempt: TryRecovery
}

async function serve(request: IncomingMessage, response: ServerResponse, page: Page): Promise<boolean> {
  const host = `127.0.0.1:${request.socket.localPort}`
  const given = Buffer.from((request.url ?? '/').slice(1))
  const right = Buffer.from(page.secret)
  const known = given.length === right.length && timingSafeEqual(given, right)
  const own = request.method === 'GET' || request.headers.origin === `http://${host}`
  if (!known || !own || request.headers.host !== host) {
    response.writeHead(404).end()
    return false
  }
  const answer = request.method === 'POST' ? answerIn(new URLSearchParams(await bodyOf(request))) : undefined
  const problem = answer && (await page.attempt(answer))
  const done = answer !== undefined && problem === undefined
  const language = /^ro\b/i.test(request.headers['accept-language'] ?? '') ? 'ro' : 'en'
  response.writeHead(problem ? 422 : 200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    'referrer-policy': 'same-origin', // so that the form’s own request names where it comes from
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(recoveryPage(page.ways, language, done ? 'done' : { problem }))
  return done
}

function answerIn(form: URLSearchParams): RecoveryAnswer | undefined {
  const [way, passphrase, file] = ['way', 'passphrase', 'file'].map((name) => form.get(name) ?? '')
  if (way === 'fresh') return form.get('sure') === 'yes' ? { way } : undefined
  if (way === 'passphrase' && passphrase) return { way, passphrase }
  if (way === 'backup' && passphrase && file) return { way, passphrase, file }
  return undefined
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestForm) throw new Error('too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
