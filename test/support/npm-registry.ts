import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

interface Published {
  readonly manifest: Record<string, unknown>
  readonly tarball: Buffer
}

/** A registry on this computer's loopback that npm takes packages from. */
export class NpmRegistry {
  readonly #packages = new Map<string, Map<string, Published>>()
  readonly #server: Server
  /** What was asked of it, in order. */
  readonly asked: string[] = []

  private constructor() {
    this.#server = createServer((request, response) => {
      const path = decodeURIComponent(request.url ?? '')
      this.asked.push(path)
      const [, name = '', version] = /^\/(.+?)(?:\/-\/([\d.]+)\.tgz)?$/.exec(path) ?? []
      const versions = this.#packages.get(name)
      const tarball = version === undefined ? undefined : versions?.get(version)?.tarball
      if (tarball) return void response.end(tarball)
      if (!versions || version !== undefined) return void response.writeHead(404).end('{}')
      response.setHeader('content-type', 'application/json')
      response.setHeader('cache-control', 'public, max-age=300') // as the public registry says
      response.end(JSON.stringify(this.#document(name, versions)))
    })
  }

  static async start(): Promise<NpmRegistry> {
    const registry = new NpmRegistry()
    registry.#server.listen(0, '127.0.0.1')
    await once(registry.#server, 'listening')
    return registry
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** @param files path → text; `package.json` is written from `more` */
  publish(name: string, version: string, files: Readonly<Record<string, string>>, more: object = {}): void {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-publish-'))
    const manifest = { name, version, ...more }
    for (const [path, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
      mkdirSync(dirname(join(folder, 'package', path)), { recursive: true })
      writeFileSync(join(folder, 'package', path), text)
    }
    execFileSync('tar', ['-czf', 'package.tgz', 'package'], { cwd: folder })
    const tarball = readFileSync(join(folder, 'package.tgz'))
    rmSync(folder, { recursive: true })
    const versions = this.#packages.get(name) ?? new Map()
    this.#packages.set(name, versions.set(version, { manifest, tarball }))
  }

  #document(name: string, versions: ReadonlyMap<string, Published>) {
    const latest = [...versions.keys()].at(-1)
    const of = ([version, { manifest, tarball }]: readonly [string, Published]) => {
      const dist = {
        tarball: `${this.url}${name}/-/${version}.tgz`,
        integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      }
      return [version, { ...manifest, dist }]
    }
    return { name, 'dist-tags': { latest }, versions: Object.fromEntries([...versions].map(of)) }
  }
}
