import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import { isTable } from './config-format.ts'

/** A server an AI app starts or calls by itself, as its file says. */
export interface FoundServer {
  readonly name: string
  /** `other`: part of the app, or written in a way nobody but the app understands. */
  readonly kind: 'command' | 'url' | 'other'
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The folder it is started in; '' when the app does not say. */
  readonly folder: string
  readonly enabled: boolean
}

/** An entry of any of the apps: they differ in a few names only. */
export function foundServer(name: string, entry: JsonObject): FoundServer {
  const older = isTable(entry.command) ? entry.command : undefined // Zed wrote { command: { path, args, env } }
  const command = textOf(older?.path ?? entry.command ?? entry.cmd)
  const url = textOf(entry.url ?? entry.serverUrl ?? entry.httpUrl ?? entry.uri)
  const request = isTable(entry.requestOptions) ? entry.requestOptions.headers : undefined
  return {
    name,
    kind: command !== '' ? 'command' : url !== '' ? 'url' : 'other',
    command,
    args: textsOf(older?.args ?? entry.args),
    env: { ...namedTexts(older?.env ?? entry.env ?? entry.envs), ...passedOn(entry) },
    url,
    headers: {
      ...namedTexts(entry.headers ?? entry.http_headers ?? request),
      ...bearer(entry),
      ...fromEnvironment(entry),
    },
    folder: textOf(entry.cwd),
    enabled: entry.enabled !== false && entry.disabled !== true,
  }
}

/** Codex names the variable that holds the token. */
const bearer = ({ bearer_token_env_var: variable }: JsonObject): Record<string, string> =>
  typeof variable === 'string' ? { Authorization: `Bearer \${env:${variable}}` } : {}

/** Codex names the variables that hold other headers. @see https://developers.openai.com/codex/mcp */
const fromEnvironment = ({ env_http_headers: headers }: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(namedTexts(headers)).map(([name, variable]) => [name, `\${env:${variable}}`]))

/** What Codex passes on of its own environment (`env_vars`), and Goose of its keyring (`env_keys`). */
function passedOn({ env_vars: variables, env_keys: keys }: JsonObject): Record<string, string> {
  const named = [variables, keys].flatMap((list) => (Array.isArray(list) ? list : []))
  const names = named.flatMap((one) => (typeof one === 'string' ? [one] : isTable(one) ? textOf(one.name) : []))
  return Object.fromEntries(names.filter((name) => name !== '').map((name) => [name, `\${env:${name}}`]))
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
const textsOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : [])

function namedTexts(value: Json | undefined): Record<string, string> {
  if (!isTable(value)) return {}
  const texts = Object.entries(value).filter(([, one]) => ['string', 'number', 'boolean'].includes(typeof one))
  return Object.fromEntries(texts.map(([name, one]) => [name, String(one)]))
}
