import { z } from 'zod'
import { inputInvalid } from '../../shared/errors.ts'
import { type OutsideConfig, valueAt, withValues } from './config.ts'
import { type Config, configSchema, widening } from './config-schema.ts'

export type SettingValue = number | string
type Chosen = Readonly<Record<string, SettingValue>>

/** Where what the person set is kept. */
export interface ChosenSettings {
  read(): Chosen
  write(chosen: Chosen): void
}

/** One setting: what it may be, what it is, and where that comes from. */
export interface Setting {
  readonly path: string
  readonly kind: 'number' | 'choice' | 'text'
  readonly least?: number
  readonly most?: number
  readonly choices?: string[]
  /** Absent: none. */
  readonly default?: SettingValue
  /** What holds, at the latest from the next start on. */
  readonly value?: SettingValue
  /** What holds now; differs from `value` when it waits for the next start. */
  readonly now?: SettingValue
  readonly from: 'default' | 'outside' | 'person'
  /** In the file or the environment, but not used: it gives AI apps more. */
  readonly withheld?: number
  /** Gives AI apps more the higher it is. */
  readonly widens: boolean
  /** False: only the file or the environment can change it, because it is needed before anything else. */
  readonly editable: boolean
}

/** Needed before the database, where the person's choices are, can be opened. */
const beforeAll: ReadonlySet<string> = new Set(['keychain'])
/** Asked anew each time; the rest is read at start. */
const live = /^(?:approvals|limits|updates|rollout)\./

interface Shape {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: string[]
  readonly default?: SettingValue
  readonly properties?: Readonly<Record<string, Shape>>
}

/**
 * The settings in effect: what the person set, else what the file and the environment say, else the default. A value the
 * person set goes before the others also where it gives AI apps more: it came through the window.
 */
export class Configuration implements Config {
  readonly #outside: OutsideConfig
  readonly #kept: ChosenSettings
  readonly #atStart: Config
  #current: Config

  constructor(outside: OutsideConfig, kept: ChosenSettings) {
    this.#outside = outside
    this.#kept = kept
    this.#current = this.#read()
    this.#atStart = this.#current
  }

  get port() {
    return this.#current.port
  }
  get oldSse() {
    return this.#current.oldSse
  }
  get logLevel() {
    return this.#current.logLevel
  }
  get keychain() {
    return this.#current.keychain
  }
  get approvals() {
    return this.#current.approvals
  }
  get limits() {
    return this.#current.limits
  }
  get tasks() {
    return this.#current.tasks
  }
  get servers() {
    return this.#current.servers
  }
  get cells() {
    return this.#current.cells
  }
  get https() {
    return this.#current.https
  }
  get rollout() {
    return this.#current.rollout
  }
  get alerts() {
    return this.#current.alerts
  }
  get updates() {
    return this.#current.updates
  }
  get oauth() {
    return this.#current.oauth
  }

  list(): Setting[] {
    return [...shapes].map(([path, shape]) => this.#shown(path, shape))
  }

  /**
   * @param value `null` puts it back to what file, environment or default say
   * @throws input.invalid naming what it may be
   */
  set(path: string, value: SettingValue | null): Setting {
    const shape = shapes.get(path)
    if (!shape) throw inputInvalid(`There is no setting “${path}”.`)
    if (beforeAll.has(path)) throw inputInvalid(`“${path}” is set in config.yaml or the environment, before the start.`)
    const { [path]: _, ...others } = this.#kept.read()
    this.#kept.write(value === null ? others : { ...others, [path]: checked(path, value) })
    this.#current = this.#read()
    return this.#shown(path, shape)
  }

  /** A kept value that is no longer possible counts as never set. */
  #read(): Config {
    let config = this.#outside.config
    for (const [path, value] of Object.entries(this.#kept.read())) {
      const parsed = configSchema.safeParse(withValues(config, { [path]: value }))
      if (parsed.success && !beforeAll.has(path)) config = parsed.data
    }
    return config
  }

  #shown(path: string, shape: Shape): Setting {
    const of = (config: Config) => valueAt(config, path) as SettingValue | undefined
    const value = of(this.#current)
    const now = live.test(path) ? value : of(this.#atStart)
    const { named, withheld } = this.#outside
    const waiting = withheld.get(path)
    const chosen = Object.hasOwn(this.#kept.read(), path)
    return {
      path,
      ...rangeOf(shape),
      ...(shape.default === undefined ? {} : { default: shape.default }),
      ...(value === undefined ? {} : { value }),
      ...(now === undefined ? {} : { now }),
      from: chosen ? 'person' : named.has(path) && waiting === undefined ? 'outside' : 'default',
      ...(waiting === undefined || chosen ? {} : { withheld: waiting }),
      widens: widening.includes(path),
      editable: !beforeAll.has(path),
    }
  }
}

/** Every setting by its path, as JSON Schema says it. */
const shapes: ReadonlyMap<string, Shape> = new Map(leaves(z.toJSONSchema(configSchema) as Shape))

function leaves(shape: Shape, before = ''): [string, Shape][] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, below]) =>
    below.properties ? leaves(below, `${before}${key}.`) : [[`${before}${key}`, below] as [string, Shape]],
  )
}

function rangeOf({
  type,
  minimum,
  maximum,
  enum: choices,
}: Shape): Pick<Setting, 'kind' | 'least' | 'most' | 'choices'> {
  if (choices) return { kind: 'choice', choices }
  if (type !== 'integer') return { kind: 'text' }
  return {
    kind: 'number',
    ...(minimum === undefined ? {} : { least: minimum }),
    ...(maximum === undefined ? {} : { most: maximum }),
  }
}

/** As it is kept. @throws input.invalid */
function checked(path: string, value: SettingValue): SettingValue {
  const parsed = configSchema.safeParse(withValues(configSchema.parse({}), { [path]: value }))
  if (!parsed.success) throw inputInvalid(parsed.error.issues.map(({ message }) => message).join('; '))
  return valueAt(parsed.data, path) as SettingValue
}
