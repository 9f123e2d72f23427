import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { settings } from './settings.mjs'

/** What a test reads and does where a desktop would: `GET /` the state, `POST /` one deed. The address goes to a file. */
export function serveControl(state, deeds) {
  const file = settings.controlFile
  if (!file) return
  const server = createServer(async (request, response) => {
    try {
      const body = request.method === 'POST' ? await deed(request, deeds) : state()
      response.end(JSON.stringify(body ?? {}))
    } catch (error) {
      response.statusCode = 500
      response.end(JSON.stringify({ error: String(error) }))
    }
  })
  server.listen(0, '127.0.0.1', () => writeFileSync(file, `http://127.0.0.1:${server.address().port}`))
  server.unref()
}

async function deed(request, deeds) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const { name, ...rest } = JSON.parse(Buffer.concat(chunks).toString())
  return deeds[name](rest)
}
