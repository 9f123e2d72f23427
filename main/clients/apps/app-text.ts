import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import { appFileUnparsable, GatehouseError } from '../../../shared/errors.ts'
import { bridgeArgs } from '../bridge-args.ts'
import type { ConfigFile } from './config-file.ts'
import { entriesIn, entriesOf, type FormatName, formats, isTable, withEntry, withoutEntry } from './config-format.ts'
import { type FoundServer, foundServer } from './found-server.ts'
import type { KnownApp } from './known-apps.ts'

const entryName = 'gatehouse'

/** A text as data. @throws Error when it cannot be read */
type Parse = (format: FormatName, text: string) => JsonObject
const parsed: Parse = (format, text) => formats[format].read(text)

/** How an app is to be connected. */
export interface Joining {
  /** Entries of its file that give way to the one of Gatehouse. */
  readonly replacing?: readonly string[]
  /** Where it is to be paired; where it is, else in the first, when left out. */
  readonly workspace?: WorkspaceName | undefined
}

/** What stands in an app’s file, and what would with the entry of Gatehouse or without it. Touches no file. */
export class AppText {
  /** @param bridgeCommand by which an entry is known as this Gatehouse’s */
  constructor(private readonly bridgeCommand: string) {}

  serversIn = (app: KnownApp, text: string, parse: Parse = parsed): FoundServer[] => {
    const whole = parse(app.format, text)
    return app.gone ? [] : [...entriesOf(whole, app.place)].map(([name, entry]) => foundServer(name, entry))
  }

  /** Also those it keeps elsewhere in the file, such as for its other projects. */
  serversAnywhere = (app: KnownApp, text: string): FoundServer[] => [
    ...this.serversIn(app, text),
    ...tablesNamed(app.place.key, formats[app.format].read(text))
      .flatMap((table) => Object.entries(table))
      .flatMap(([name, entry]) => (isTable(entry) ? [foundServer(name, entry)] : [])),
  ]

  /** But Gatehouse’s own, and what is none a person could host. @throws apps.unparsable */
  othersIn(app: KnownApp, { path, text }: ConfigFile, parse?: Parse): FoundServer[] {
    const all = parsing(path, () => this.serversIn(app, text, parse))
    return all.filter((server) => server.kind !== 'other' && server.command !== this.bridgeCommand)
  }

  /** Names of the entries that start this Gatehouse’s bridge. @throws apps.unparsable */
  ownEntries(app: KnownApp, { path, text }: ConfigFile, parse?: Parse): string[] {
    const all = parsing(path, () => this.serversIn(app, text, parse))
    return all.filter(({ command }) => command === this.bridgeCommand).map(({ name }) => name)
  }

  /** Whether one of the entries of a table starts this Gatehouse’s bridge. */
  isOwnAmong = (servers: JsonObject): boolean =>
    Object.values(servers).some((entry) => isTable(entry) && entry.command === this.bridgeCommand)

  /** @throws apps.unparsable */
  connected(app: KnownApp, file: ConfigFile, { replacing = [], workspace }: Joining): string {
    const entry = app.entry({ command: this.bridgeCommand, args: bridgeArgs(app.id, workspace) })
    return parsing(file.path, () => {
      const begun = file.bytes === undefined ? (app.beginning ?? '') : file.text
      const [own = entryName] = this.ownEntries(app, file)
      return withEntry(formats[app.format], without(app, begun, replacing), app.place, own, entry)
    })
  }

  /**
   * @param replaced entries that gave way: they come back from `original`, unless the person has written new ones
   * @throws apps.unparsable
   */
  disconnected(app: KnownApp, file: ConfigFile, original: string | undefined, replaced: readonly string[]): string {
    return parsing(file.path, () => {
      const text = without(app, file.text, this.ownEntries(app, file))
      return original === undefined ? text : putBack(app, text, original, replaced)
    })
  }
}

/** Deeper than any app keeps its servers. */
const deepest = 4

function tablesNamed(key: string, table: JsonObject, depth = 0): JsonObject[] {
  return Object.entries(table).flatMap(([name, value]) => {
    if (!isTable(value)) return []
    if (name === key) return [value]
    return depth < deepest ? tablesNamed(key, value, depth + 1) : []
  })
}

const without = ({ format, place }: KnownApp, text: string, names: readonly string[]): string =>
  names.reduce((now, name) => withoutEntry(formats[format], now, place, name), text)

function putBack({ format, place }: KnownApp, text: string, original: string, replaced: readonly string[]): string {
  const old = entriesIn(formats[format], withoutMark(original), place)
  return replaced.reduce((now, name) => {
    const entry = old.get(name)
    const gone = entry !== undefined && !entriesIn(formats[format], now, place).has(name)
    return gone ? withEntry(formats[format], now, place, name, entry) : now
  }, text)
}

function parsing<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof GatehouseError) throw error
    throw appFileUnparsable(file, error instanceof Error ? error.message : String(error))
  }
}

/** Without the byte order mark. */
export const withoutMark = (text: string): string => text.replace(/^\ufeff/, '')
