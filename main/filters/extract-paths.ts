import type { PathFact } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { unknownPlace } from '../../shared/domain/places.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { findAddresses } from './addresses.ts'
import type { CallFilter } from './filter.ts'
import { isCommandKey, isPathKey, looksLikeCode, looksLikePath } from './path-like.ts'
import type { Paths } from './paths.ts'

const mostFacts = 1_000
const longestPath = 4_096

interface Found {
  readonly paths: PathFact[]
  readonly urls: Set<string>
  readonly commands: string[]
}

/** Path arguments of the bundled filesystem server, known by name: every text in them is a path, whatever it looks like. */
const filesystemPathKeys: ReadonlySet<string> = new Set(['path', 'paths', 'source', 'destination'])

/**
 * Finds what a call names: files, URLs, shell commands. For the bundled filesystem server the path arguments are known;
 * for others a text counts as a path when it looks like one for this platform or stands under a key such as `filePath`.
 * Paths inside a command line are not taken apart: a command asks as a whole.
 */
export const extractPaths = (paths: Paths): CallFilter => ({
  name: 'paths',
  inspect: ({ server, arguments: args }) => {
    const found: Found = { paths: [], urls: new Set(), commands: [] }
    const exact = server.origin.kind === 'bundled' && server.origin.bundle === 'filesystem'
    if (exact) exactly(args, server, paths, found)
    else search(args, '', '', server, paths, found)
    return { ...found, urls: [...found.urls] }
  },
})

function exactly(args: JsonObject, server: ServerConfig, paths: Paths, found: Found): void {
  for (const key of Object.keys(args)) {
    const value = args[key]
    if (!filesystemPathKeys.has(key)) continue
    if (typeof value === 'string') addPath(value, `/${key}`, server, paths, found)
    if (Array.isArray(value))
      for (const [index, item] of value.entries())
        if (typeof item === 'string') addPath(item, `/${key}/${index}`, server, paths, found)
  }
}

function search(value: Json, key: string, pointer: string, server: ServerConfig, paths: Paths, found: Found): void {
  if (typeof value === 'string') text(value, key, pointer, server, paths, found)
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const words = value.every((item) => typeof item === 'string')
    if (words && isCommandKey(key)) found.commands.push(value.join(' '))
    for (const [index, item] of value.entries())
      search(item, words && isCommandKey(key) ? '' : key, `${pointer}/${index}`, server, paths, found)
    return
  }
  for (const name of Object.keys(value)) {
    const child = (value as JsonObject)[name] as Json
    addUrls(name, '', found)
    search(child, name, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, server, paths, found)
  }
}

function text(value: string, key: string, pointer: string, server: ServerConfig, paths: Paths, found: Found): void {
  addUrls(value, key, found)
  if (value !== '' && (isCommandKey(key) || (key === 'code' && looksLikeCode(value)))) {
    found.commands.push(value)
    return
  }
  if (value === '' || value.length > longestPath) return
  if (looksLikePath(value, isPathKey(key), (top) => paths.exists(top))) addPath(value, pointer, server, paths, found)
}

function addUrls(value: string, key: string, found: Found): void {
  if (found.urls.size > mostFacts) return
  findAddresses(value, key, (url) => {
    // Past the limit nothing is looked for any more, so the call may reach any host.
    found.urls.add(found.urls.has(url) || found.urls.size < mostFacts ? url : unknownPlace)
    return found.urls.size <= mostFacts
  })
}

function addPath(given: string, pointer: string, server: ServerConfig, paths: Paths, found: Found): void {
  if (found.paths.length >= mostFacts) {
    // Past the limit nothing is looked up any more, so the call as a whole counts as outside.
    if (found.paths.length === mostFacts) found.paths.push({ pointer, given: `more than ${mostFacts} paths`, real: '' })
    return
  }
  const real = paths.resolve(given, server.allowedPaths[0]?.path)
  const allowedBy = paths.allowedBy(real, server.allowedPaths)
  found.paths.push({ pointer, given, real, ...(allowedBy === undefined ? {} : { allowedBy }) })
}
