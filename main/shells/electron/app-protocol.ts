import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { protocol } from 'electron'
import { contentSecurityPolicy } from '../browser/security-headers.ts'

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/**
 * Must run before the app is ready. The window's own scheme instead of `file:` (Electron security checklist, 18).
 * `codeCache`: compiled script is kept between starts.
 * @see https://electronjs.org/docs/api/structures/custom-scheme
 */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built window under `app://gatehouse/` with its content security policy, and nothing else. */
export function serveAppScheme(rendererDir: string): void {
  protocol.handle('app', async (request) => {
    try {
      const file = fileFor(rendererDir, request.url)
      if (request.method !== 'GET' || file === undefined) return new Response('', { status: 404 })
      return new Response(new Uint8Array(await readFile(file)), { headers: headersFor(file) })
    } catch {
      return new Response('', { status: 404 })
    }
  })
}

function fileFor(rendererDir: string, address: string): string | undefined {
  const url = new URL(address)
  if (url.protocol !== 'app:' || url.host !== 'gatehouse') return undefined
  const path = normalize(join(rendererDir, url.pathname === '/' ? 'index.html' : decodeURIComponent(url.pathname)))
  return path.startsWith(rendererDir + sep) ? path : undefined
}

function headersFor(file: string): Record<string, string> {
  return {
    'content-type': mimeTypes[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
}
