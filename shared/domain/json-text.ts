const texts = new WeakMap<object, string>()

/**
 * JSON text of a value that nobody changes any more, made once: the audit keeps a result and the door sends it.
 * @throws TypeError for what JSON cannot carry, RangeError for what is nested too deeply
 */
export function jsonText(value: object): string {
  const known = texts.get(value)
  if (known !== undefined) return known
  const text = JSON.stringify(value)
  texts.set(value, text)
  return text
}
