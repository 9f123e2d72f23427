import type { JsonObject } from '../../../shared/domain/json.ts'
import { type ConfigFile, readConfigFile } from './config-file.ts'
import { type FormatName, formats } from './config-format.ts'
import type { Computer } from './known-apps.ts'

/** Files as they are at one moment: each is read and parsed once, however many apps stand in it. They may have megabytes. */
export class ReadOnce {
  readonly #files = new Map<string, Promise<ConfigFile>>()
  readonly #texts = new Map<string, string>()
  readonly #wholes = { json: new Map<string, JsonObject>(), toml: new Map(), yaml: new Map() }

  /** @throws as `readConfigFile` */
  file(path: string): Promise<ConfigFile> {
    const present = this.#files.get(path)
    if (present) return present
    const file = readConfigFile(path).then((read) => {
      this.#texts.set(path, read.text)
      return read
    })
    this.#files.set(path, file)
    return file
  }

  /** @throws Error when it cannot be read */
  parse = (format: FormatName, text: string): JsonObject => {
    const wholes: Map<string, JsonObject> = this.#wholes[format]
    const whole = wholes.get(text) ?? formats[format].read(text)
    wholes.set(text, whole)
    return whole
  }

  /** The same computer, on which a file that was read here is not read again. */
  of = (computer: Computer): Computer => ({
    ...computer,
    read: (file) => this.#texts.get(file) ?? computer.read?.(file) ?? '',
  })
}
