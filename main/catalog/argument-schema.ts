import type { Ajv, ErrorObject, Options, ValidateFunction } from 'ajv'
import { Ajv as Ajv07 } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { firstProblem } from './first-problem.ts'
import { linearRegExp } from './linear-regexp.ts'
import { type Dialect, dialectOf, prepared, stepKeyword } from './schema-dialect.ts'

/** Checks a value. @returns the first problem as a sentence, or undefined */
export type Check = (value: JsonObject) => string | undefined

/** A schema over this is not compiled; a value is checked in at most this many steps through references. */
const longestSchemaChars = 512 * 1024
const mostSteps = 100_000

class TooManySteps extends Error {}

/**
 * Compiles schemas that strangers wrote: regular expressions and uniqueness in linear time, references within the
 * schema only, and a budget for following them. A schema that can't be used lets nothing through.
 */
export class SchemaCompiler {
  readonly #engines = new Map<Dialect, Ajv>()
  #stepsLeft = 0

  compile(schema: Json | undefined): Check {
    try {
      return this.#compile(schema)
    } catch (error) {
      const problem = `the server’s description of its arguments can’t be used (${whatIsWrong(error)})`
      return () => problem
    }
  }

  #compile(schema: Json | undefined): Check {
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) throw new Error('it is not a schema')
    if (JSON.stringify(schema).length > longestSchemaChars) throw new Error('it is over 512 KB')
    const validate = this.#validator(schema as JsonObject)
    return (value) => {
      this.#stepsLeft = mostSteps
      try {
        return validate(value) ? undefined : firstProblem(validate.errors as ErrorObject[], value)
      } catch (error) {
        if (error instanceof TooManySteps || error instanceof RangeError)
          return 'these arguments can’t be checked: the server’s description of them runs in circles'
        throw error
      }
    }
  }

  /** Without `$schema` it is 2020-12, and draft-07 if it only makes sense as that. */
  #validator(schema: JsonObject): ValidateFunction {
    const dialect = dialectOf(schema)
    try {
      return this.#compiled(schema, dialect ?? '2020-12')
    } catch (error) {
      if (dialect !== undefined) throw error
      try {
        return this.#compiled(schema, 'draft-07')
      } catch {
        throw error
      }
    }
  }

  /** Nothing of it stays with the engine: another server's schema can't refer to it, nor claim the same `$id` in vain. */
  #compiled(schema: JsonObject, dialect: Dialect): ValidateFunction {
    const engine = this.#engine(dialect)
    const own = prepared(schema, dialect)
    try {
      return engine.compile(own)
    } finally {
      engine.removeSchema(own)
    }
  }

  #engine(dialect: Dialect): Ajv {
    const kind = dialect === '2020-12' || dialect === '2019-09' ? dialect : 'draft-07'
    const present = this.#engines.get(kind)
    if (present) return present
    const Engine = kind === '2020-12' ? Ajv2020 : kind === '2019-09' ? Ajv2019 : Ajv07
    const engine = new Engine(options) as Ajv
    addFormats.default(engine)
    this.#makeSafe(engine)
    this.#engines.set(kind, engine)
    return engine
  }

  #makeSafe(engine: Ajv): void {
    engine.removeKeyword('uniqueItems')
    engine.addKeyword({
      keyword: 'uniqueItems',
      type: 'array',
      schemaType: 'boolean',
      validate: (wanted: boolean, items: Json[]) =>
        !wanted || new Set(items.map((item) => canonicalJson(item))).size === items.length,
      error: { message: 'must not have the same item twice' },
    })
    engine.addKeyword({
      keyword: stepKeyword,
      validate: () => {
        if (this.#stepsLeft-- <= 0) throw new TooManySteps()
        return true
      },
    })
  }
}

const options: Options = {
  strict: false,
  allErrors: false,
  ownProperties: true,
  unicodeRegExp: false,
  logger: false,
  code: { regExp: linearRegExp },
}

function whatIsWrong(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const reference = /can't resolve reference (\S+)/.exec(text)
  if (reference) return `it refers to ${reference[1]}, which is not part of it`
  return text.replace(/^schema is invalid: data/, 'it is not valid at ').slice(0, 200)
}
