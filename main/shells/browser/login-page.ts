import type { FastifyInstance } from 'fastify'

/**
 * The sign-in page. The token stands in the link's fragment, which no request, referrer or log carries; the page's script
 * takes it out of the address at once and posts it. Without a usable token the operator passphrase opens the window.
 */
const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Gatehouse</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/login.css">
<main>
<h1>Gatehouse</h1>
<p id="message" role="status">Signing in…</p>
<form id="form" hidden>
<label for="passphrase">Operator passphrase</label>
<input id="passphrase" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>
</main>
<script src="/login.js"></script>
</html>
`

const css = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 26rem; margin: 18vh auto; padding: 0 1.5rem }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
form:not([hidden]) { display: grid; gap: .5rem }
input, button { font: inherit; padding: .5rem .75rem; border-radius: .5rem; border: 1px solid GrayText }
`

/** The name under which the page keeps its window key; renderer/transport reads the same. */
const script = `const message = document.getElementById('message')
const form = document.getElementById('form')
const field = document.getElementById('passphrase')
async function signIn(proof) {
  const response = await fetch('/api/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(proof),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error.sentence)
  localStorage.setItem('gatehouse.window', answer.windowKey)
  location.replace('/')
}
function refused(error) {
  message.textContent = error.message
  form.hidden = false
  field.value = ''
  field.focus()
}
form.addEventListener('submit', (submitted) => {
  submitted.preventDefault()
  signIn({ passphrase: field.value }).catch(refused)
})
const token = location.hash.slice(1)
history.replaceState(null, '', '/login')
if (token) signIn({ token }).catch(refused)
else refused(new Error('Open the link shown in the terminal, or enter the operator passphrase.'))
`

export function serveLoginPage(http: FastifyInstance): void {
  const serve = (path: string, type: string, text: string) =>
    http.get(path, (_, reply) => reply.header('cache-control', 'no-store').type(type).send(text))
  serve('/login', 'text/html; charset=utf-8', html)
  serve('/login.js', 'text/javascript; charset=utf-8', script)
  serve('/login.css', 'text/css; charset=utf-8', css)
}
