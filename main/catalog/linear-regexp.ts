import { RE2JS } from 're2js'

/** Ajv wants to know how generated code would name the engine; we never generate standalone code. */
interface Engine {
  (pattern: string, flags: string): { test(text: string): boolean }
  code: string
}

/**
 * Regular expressions in linear time: a server's `^(a+)+$` froze the built-in engine for 8 s. What RE2 can't do
 * (back-references, most look-arounds) is refused when the schema is compiled.
 *
 * @throws Error for a pattern RE2 does not take
 */
export const linearRegExp: Engine = Object.assign(
  (pattern: string, flags: string) => {
    const compiled = RE2JS.compile(
      RE2JS.translateRegExp(pattern),
      (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (pattern.includes('(?<') ? RE2JS.LOOKBEHINDS : 0),
    )
    // Ajv keeps compiled patterns by their text; without one of its own every pattern would be the first
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => `/${pattern}/${flags}` }
  },
  { code: 'linearRegExp' },
)
